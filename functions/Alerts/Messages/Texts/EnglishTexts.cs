using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <inheritdoc/>
internal sealed class EnglishTexts : AlertTexts
{
    public override string Html => "en";

    public override string System => "System";

    public override string Severity => "Severity";

    public override string Gateway => "Gateway";

    public override string Tenant => "Tenant";

    public override string Cause => "Cause";

    public override string TenantsHit => "Tenants hit";

    public override string HeldBack => "Held back";

    public override string Since => "Since";

    public override string Lasted => "Lasted";

    public override string Checked => "Checked";

    public override string Tried => "Tried";

    public override string Told => "Told";

    public override string Contacts => "Call";

    public override string Next => "Next";

    public override string Acknowledge => "Acknowledge";

    public override string NothingYet => "nothing yet";

    public override string NobodyYet => "nobody before";

    public override string RecoveredMark => "recovered";

    public override string LinkAsk => "You have it: no reminders and no escalation, unless it gets worse.";

    public override string LinkDone => "Acknowledged. It is yours now.";

    public override string LinkSpent => "This link was used already.";

    public override string LinkUnknown => "This link is unknown or too old. Use the newest message, or whatsops findings ack.";

    public override string Title(AlertEvent why, string what, string? level) => why switch
    {
        AlertEvent.Worsened => $"worse: {what}",
        AlertEvent.StillOpen => $"still open: {what}",
        AlertEvent.Escalated => $"escalated to {level}: {what}",
        AlertEvent.Recovered => $"recovered: {what}",
        _ => what,
    };

    public override string InTenant(string slug) => $"tenant {slug}";

    public override string OnGateway(string name) => $"gateway {name}";

    public override string SeverityName(Severity severity) => severity.ToString().ToLowerInvariant();

    public override string RaisedFrom(string told, string check) => $"{told} (the check says {check})";

    public override string Duration(TimeSpan time) => Rounded(time, "minutes", "hours", "days");

    public override string Count(int bad, int good) => (bad, good) switch
    {
        (0, _) => $"{good} recovered",
        (_, 0) => $"{bad} findings",
        _ => $"{bad} findings, {good} recovered",
    };

    public override string More(int count) => $"and {count} more";

    public override string Remedy(AttemptedRemedy attempt) => $"{attempt.Runbook} by {attempt.By} at {Time(attempt.At)}: {attempt.State}";

    public override string HoldsBack(int count) => count == 1 ? "1 finding that this explains" : $"{count} findings that this explains";

    public override string Unattended(TimeSpan time) => $"Nobody has acknowledged it for {Duration(time)}.";

    public override string InsteadOf(string route, string error) => $"sent here because route {route} fails ({error})";

    public override string Said(string words) => words;

    public override string LinkState(string state, string? by) => by is null ? $"It is {state} already; there is nothing to do here." : $"It is {state} already, by {by}; there is nothing to do here.";

    public override string CauseOf(Finding finding) => finding.Cause;
}
