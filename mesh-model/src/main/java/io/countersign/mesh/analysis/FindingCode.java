package io.countersign.mesh.analysis;

/// Every kind of finding, with a code that stays; `docs/analysis.md` lists them.
public enum FindingCode {
    RULE_PLAINTEXT_TO_STRICT("CSN0101", Severity.ERROR),
    RULE_WITHOUT_TLS("CSN0102", Severity.INFO),
    RULE_MUTUAL_TO_PLAINTEXT("CSN0103", Severity.ERROR),
    RULE_MUTUAL_WITHOUT_PROXY("CSN0104", Severity.WARNING),
    RULE_WITHOUT_SERVICE("CSN0105", Severity.WARNING),
    RULE_HOST_IS_SHORT("CSN0106", Severity.WARNING),
    RULE_SHADOWED("CSN0107", Severity.WARNING),
    POLICY_WITHOUT_SERVICE("CSN0201", Severity.WARNING),
    POLICY_WITHOUT_PORT("CSN0202", Severity.WARNING),
    POLICY_WITHOUT_WORKLOAD("CSN0203", Severity.WARNING),
    POLICY_SHADOWED("CSN0204", Severity.WARNING),
    POLICY_IGNORED_IN_ROOT("CSN0205", Severity.WARNING),
    PORT_WITHOUT_SERVICE("CSN0206", Severity.WARNING),
    SERVICES_DISAGREE("CSN0301", Severity.WARNING);

    /// How much it matters.
    public enum Severity {
        /// Requests fail.
        ERROR,
        /// Something does not do what it seems to.
        WARNING,
        /// Worth knowing.
        INFO
    }

    private final String code;
    private final Severity severity;

    FindingCode(String code, Severity severity) {
        this.code = code;
        this.severity = severity;
    }

    /// As `CSN0101`.
    public String code() {
        return code;
    }

    public Severity severity() {
        return severity;
    }
}
