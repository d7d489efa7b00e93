using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// Every fixed text of a message, in one language. Names that people search for or type stay as they are in all of them: kinds, states,
/// commands, the words <c>WhatsApp Integration Alert</c> and the severity before them.
/// </summary>
internal abstract class AlertTexts
{
    private static readonly EnglishTexts English = new();
    private static readonly BrazilianPortugueseTexts BrazilianPortuguese = new();

    public abstract string Html { get; }

    public abstract string System { get; }

    public abstract string Severity { get; }

    public abstract string Gateway { get; }

    public abstract string Tenant { get; }

    public abstract string Cause { get; }

    public abstract string TenantsHit { get; }

    public abstract string HeldBack { get; }

    public abstract string Since { get; }

    public abstract string Lasted { get; }

    public abstract string Checked { get; }

    public abstract string Tried { get; }

    public abstract string Told { get; }

    public abstract string Contacts { get; }

    public abstract string Next { get; }

    public abstract string Acknowledge { get; }

    public abstract string NothingYet { get; }

    public abstract string NobodyYet { get; }

    public abstract string RecoveredMark { get; }

    public abstract string LinkAsk { get; }

    public abstract string LinkDone { get; }

    public abstract string LinkSpent { get; }

    public abstract string LinkUnknown { get; }

    public static AlertTexts In(Language language) => language == Language.BrazilianPortuguese ? BrazilianPortuguese : English;

    public abstract string Title(AlertEvent why, string what, string? level);

    public abstract string InTenant(string slug);

    public abstract string OnGateway(string name);

    public abstract string SeverityName(Severity severity);

    /// <param name="check">What the check said.</param>
    public abstract string RaisedFrom(string told, string check);

    public abstract string Duration(TimeSpan time);

    public abstract string Count(int bad, int good);

    public abstract string More(int count);

    public abstract string Remedy(AttemptedRemedy attempt);

    public abstract string HoldsBack(int count);

    public abstract string Unattended(TimeSpan time);

    /// <summary>Why a message comes to a fallback.</summary>
    public abstract string InsteadOf(string route, string error);

    /// <summary>What a check or a channel said, as far as the words are ours.</summary>
    public abstract string Said(string words);

    public abstract string LinkState(string state, string? by);

    /// <summary>The sentence of the finding's cause.</summary>
    public abstract string CauseOf(Finding finding);

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The unit in which a time is said: days from 48 hours on, hours from 120 minutes on, else minutes.</summary>
    protected static string Rounded(TimeSpan time, string minutes, string hours, string days) =>
        time.TotalHours >= 48 ? $"{time.TotalDays:0} {days}" : time.TotalMinutes >= 120 ? $"{time.TotalHours:0} {hours}" : $"{Math.Max(time.TotalMinutes, 0):0} {minutes}";
}
