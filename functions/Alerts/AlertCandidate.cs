using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>A finding that somebody may have to be told about, with what decides it.</summary>
/// <param name="IsInhibited">A critical incident of its gateway is open: the tenants are named there, not told one by one.</param>
/// <param name="WorstElsewhereInPlace">The worst other finding still alive at the same instance; a place that has one has not recovered.</param>
internal sealed record AlertCandidate(string Fingerprint, Finding Finding, Severity? AcknowledgedSeverity, bool IsInhibited, Severity? WorstElsewhereInPlace);
