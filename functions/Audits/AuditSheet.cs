using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>
/// Takes down what one audit of one system sees. Findings are kept per scope, since only a scope that was seen whole may close what it does not
/// see again: a sick gateway hides nobody else's.
/// </summary>
internal sealed class AuditSheet(string audit, AuditScene scene)
{
    private readonly List<AuditRow> _rows = [];
    private readonly List<ObservedFinding> _findings = [];
    private readonly List<ObservedFinding> _missing = [];
    private readonly List<string> _unfinished = [];
    private readonly HashSet<string> _blind = new(StringComparer.Ordinal);
    private bool _systemBlind;

    public IReadOnlyList<AuditRow> Rows => _rows;

    public IReadOnlyList<ObservedFinding> Findings => _findings;

    public bool IsComplete => _unfinished.Count == 0;

    public void Add(AuditRow row) => _rows.Add(row);

    /// <summary>Something wrong; a gateway's name puts it into that gateway's scope.</summary>
    /// <param name="subject">Tells several findings of one kind at one place apart.</param>
    public void Find(
        string kind, Severity severity, string? gateway, string? tenant, string? instance, string cause, string? remedy = null, string? subject = null,
        params (string Name, string? Value)[] evidence) =>
        _findings.Add(new(kind, gateway is null ? SystemCheck : GatewayCheck, scene.System.Name, gateway, tenant, instance, severity, cause, Evidence.Of(evidence), remedy) { Subject = subject });

    /// <summary>A source that this product or gateway does not have: nobody watches what it would tell, and that is said.</summary>
    public void CannotSee(string source, string loss, string fix, Severity severity = Severity.Low, string? gateway = null) =>
        _missing.Add(new("audit_not_observable", MissingCheck, scene.System.Name, gateway, null, null, severity,
            $"{source} is missing, so {loss}. {fix}", Evidence.Of(("source", source), ("audit", audit)), null) { Subject = $"{audit}/{source}" });

    /// <summary>Something that was not looked at; its scope closes nothing this time.</summary>
    /// <param name="gateway">Null: the system's scope.</param>
    public void Unfinished(string? gateway, string what)
    {
        _unfinished.Add(gateway is null ? what : $"gateway {gateway}: {what}");
        if (gateway is null) _systemBlind = true;
        else _blind.Add(gateway);
    }

    /// <summary>Nothing of the system can be judged.</summary>
    public void Blind(string why)
    {
        Unfinished(null, why);
        foreach (var gateway in scene.Gateways) _blind.Add(gateway.Name);
    }

    public AuditReport Report() => new(audit, scene.StartedAt, _rows, [.. _missing.Select(finding => finding.Cause)], _unfinished);

    /// <summary>The passes to record. An audit compares settings, not weather: one good pass closes.</summary>
    public IEnumerable<(CheckRun Run, IReadOnlyList<ObservedFinding> Seen)> Passes() =>
    [
        (Run(SystemCheck, null, !_systemBlind), Of(SystemCheck, null)),
        .. scene.Gateways.Select(gateway => (Run(GatewayCheck, gateway.Name, !_blind.Contains(gateway.Name)), Of(GatewayCheck, gateway.Name))),
        // A source is there or not, whoever else is sick; unless the place itself was not seen.
        (Run(MissingCheck, null, !_systemBlind && _blind.Count == 0), _missing),
    ];

    private string SystemCheck => $"audit/{audit}";

    private string GatewayCheck => $"audit/{audit}/gateway";

    private string MissingCheck => $"audit/{audit}/sources";

    private CheckRun Run(string check, string? gateway, bool complete) => new(check, scene.System.Name, gateway, complete, scene.StartedAt, GoodObservationsToClose: 1);

    private IReadOnlyList<ObservedFinding> Of(string check, string? gateway) => [.. _findings.Where(finding => finding.Check == check && finding.Gateway == gateway)];
}
