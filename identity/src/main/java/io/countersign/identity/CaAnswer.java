package io.countersign.identity;

/// What came of asking ca-service.
public sealed interface CaAnswer {
    record Issued(IssuedSvid issued) implements CaAnswer {}

    /// ca-service said no.
    ///
    /// @param status of HTTP
    /// @param code the problem's type
    /// @param detail one sentence
    record Refused(int status, String code, String detail) implements CaAnswer {}

    /// No answer that can be believed: no connection, somebody else answered, or nonsense.
    record Unreachable(String reason) implements CaAnswer {}
}
