package io.countersign.ca.signing;

import java.math.BigInteger;
import java.security.SecureRandom;

/// Serial numbers (RFC 5280, 4.1.2.2): positive, at most 20 octets, not to be guessed.
public final class SerialNumbers {
    private static final int BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SerialNumbers() {}

    /// 127 bits, of which the highest is set so that all are equally long and 126 are chance.
    public static BigInteger next() {
        return new BigInteger(BITS, RANDOM).setBit(BITS - 1);
    }
}
