package io.countersign.mesh.resource;

/// One thing wrong with one field.
///
/// @param path as kubectl prints it: `spec.peers[0].mtls.mode`
/// @param reason what kind of fault it is
/// @param message what was found and what was expected
public record FieldProblem(String path, Reason reason, String message) {
    /// The Kubernetes API's causes of an invalid field.
    public enum Reason {
        UNKNOWN("FieldValueInvalid"),
        INVALID("FieldValueInvalid"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        REQUIRED("FieldValueRequired");

        private final String cause;

        Reason(String cause) {
            this.cause = cause;
        }

        /// The name in a `Status`' `details.causes[].reason`.
        public String cause() {
            return cause;
        }
    }

    static FieldProblem unknown(String path) {
        return new FieldProblem(path, Reason.UNKNOWN, "unknown field");
    }

    static FieldProblem invalid(String path, Object value, String expected) {
        return new FieldProblem(path, Reason.INVALID, "invalid value: " + value + " (expected: " + expected + ")");
    }

    static FieldProblem unsupported(String path, String what) {
        return new FieldProblem(path, Reason.NOT_SUPPORTED, "not supported: " + what);
    }

    static FieldProblem required(String path) {
        return new FieldProblem(path, Reason.REQUIRED, "required value");
    }
}
