package io.countersign.samples;

import java.util.concurrent.CountDownLatch;

/// `sleep`: a client workload. It waits until it is ended; commands are run beside it with `./dev exec`.
public final class Sleep {

    private Sleep() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("sleep: waiting");
        new CountDownLatch(1).await();
    }
}
