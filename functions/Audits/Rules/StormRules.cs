using System.Globalization;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>Reconnect storms: an instance that cannot reach WhatsApp sends about 35 state events a second. One incident per gateway, however many instances.</summary>
internal static class StormRules
{
    public const string Check = "storms";

    /// <summary>Absorbed events within <see cref="Window"/> above which it is a storm.</summary>
    public const long Events = 100;

    private const int NamesInEvidence = 50;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static ObservedFinding? Judge(string system, AbsorbedEvents absorbed)
    {
        if (absorbed.Count <= Events) return null;
        var place = absorbed.Gateway.Length > 0 ? $"gateway {absorbed.Gateway}" : "a gateway that is not known";
        return new("reconnect_storm", Check, system, absorbed.Gateway.Length > 0 ? absorbed.Gateway : null, null, null, Severity.High,
            string.Create(CultureInfo.InvariantCulture,
                $"{absorbed.Instances.Count} instances of {place} reconnect over and over: {absorbed.Count} state events were absorbed within {Window.TotalMinutes:0} minutes. Look at its way to WhatsApp; do not restart instances one by one."),
            Evidence.Of(
                ("absorbed", absorbed.Count.ToString(CultureInfo.InvariantCulture)), ("threshold", Events.ToString(CultureInfo.InvariantCulture)),
                ("instances", string.Join(", ", absorbed.Instances.Take(NamesInEvidence)))),
            null);
    }
}
