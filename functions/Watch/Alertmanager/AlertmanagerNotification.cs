using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>The body of Alertmanager's webhook, version 4: <c>{version: "4", status, alerts: [{status: "firing"|"resolved", labels, annotations, startsAt}], truncatedAlerts}</c>.</summary>
internal sealed record AlertmanagerNotification(IReadOnlyCollection<ExternalAlert> Firing, IReadOnlyCollection<ExternalAlert> Resolved)
{
    private const string Fix = "Point a webhook_config of Alertmanager here, with max_alerts: 0.";

    /// <exception cref="ProblemException">It is none, or Alertmanager left alerts out; the answer 400 makes it log why.</exception>
    public static AlertmanagerNotification Read(JsonElement body)
    {
        if (body.Text("version") != "4") throw new ProblemException(400, "This is no notification of Alertmanager in version 4.", "$.version", Fix);
        if (body.At("alerts") is not { ValueKind: JsonValueKind.Array } alerts) throw new ProblemException(400, "The notification has no alerts.", "$.alerts", Fix);
        // What is left out can neither open nor close anything, and nobody would know.
        if (body.Number("truncatedAlerts") is > 0 and var left) throw new ProblemException(400, $"Alertmanager left {left:0} alerts out of its notification.", "$.truncatedAlerts", Fix);
        var (firing, resolved) = (new Dictionary<string, ExternalAlert>(), new Dictionary<string, ExternalAlert>());
        foreach (var one in alerts.EnumerateArray())
        {
            if (ExternalAlert.Read(one, "startsAt") is not { } alert) throw new ProblemException(400, "An alert of the notification has no labels.", "$.alerts", Fix);
            (one.Text("status") switch
            {
                "firing" => firing,
                "resolved" => resolved,
                _ => throw new ProblemException(400, "An alert of the notification is neither firing nor resolved.", "$.alerts", Fix),
            })[alert.Fingerprint] = alert;
        }

        return new(firing.Values, resolved.Values);
    }
}
