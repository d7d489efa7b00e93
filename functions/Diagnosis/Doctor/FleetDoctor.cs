using System.Security.Cryptography;
using System.Text;
using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>What the fleet file itself lets expect: references with values, a way for webhooks in and on, enough and sound operators.</summary>
internal sealed class FleetDoctor(IFleet fleet)
{
    // Keys that a sample, a tutorial or a tired person would choose.
    private static readonly HashSet<string> WeakHashes = [.. new[] { "", "admin", "changeme", "change-me", "password", "secret", "test", "key", "whatsops", "123456" }
        .Select(key => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))))];

    public IEnumerable<DoctorCheck> Examine(FleetDocument document)
    {
        foreach (var check in document.Systems.Where(system => SystemKinds.SendsWebhooks(system.Kind)).SelectMany(Webhook)) yield return check;
        foreach (var check in References(document)) yield return check;
        foreach (var check in Operators(document.Operators)) yield return check;
        if (document.Alerts.HeartbeatUrl is null)
            yield return DoctorCheck.Warn("alerts.heartbeat", null, "heartbeatUrl", "none: nobody would notice that WhatsOps itself is dead", "Set alerts.heartbeatUrl to a dead man's switch.");
    }

    private static IEnumerable<DoctorCheck> Webhook(FleetSystem system)
    {
        yield return system.Webhook.BaseUrl is { } url
            ? DoctorCheck.Good("webhook.baseUrl", system, "webhook", url)
            : DoctorCheck.Warn("webhook.baseUrl", system, "webhook", "none, so no gateway can be told where to send events", "Set webhook.baseUrl to the public address of WhatsOps.");
        // An address is looked at by DeliveryDoctor.
        if (system.Webhook.DeliverTo == "none") yield return DoctorCheck.Good("webhook.deliverTo", system, "webhook", "none");
        else if (system.Webhook.DeliverTo is null)
            yield return DoctorCheck.Warn("webhook.deliverTo", system, "webhook", "not set: WhatsOps will not change a webhook, since that would cut the product off", "Set it to the product's endpoint, or to none if the product needs no events.");
    }

    private IEnumerable<DoctorCheck> References(FleetDocument document)
    {
        var texts = document.Systems.SelectMany(system => system.Gateways
                .SelectMany(gateway => new[] { gateway.Url, gateway.ApiKey }.Concat(gateway.Accounts.SelectMany(account => new[] { account.Email, account.Password })))
                .Concat(system.Webhook.DeliverHeaders.Values).Append(system.TenantDirectory?.ConnectionString))
            .Concat(document.Alerts.Routes.SelectMany(route => new[] { route.Url, route.Secret, route.Smtp?.User, route.Smtp?.Password }))
            .Append(document.Alerts.PublicUrl).Append(document.Alerts.HeartbeatUrl).OfType<string>().Distinct();
        foreach (var text in texts)
        {
            DoctorCheck? missing = null;
            try
            {
                fleet.Resolve(text);
            }
            catch (MissingSecretException problem)
            {
                missing = DoctorCheck.Fail("fleet.reference", null, text, problem.Message, "Set it on the host and restart it.");
            }

            if (missing is not null) yield return missing;
        }
    }

    private static IEnumerable<DoctorCheck> Operators(IReadOnlyList<Operator> operators)
    {
        var approvers = operators.Count(person => person.Role == OperatorRole.Approver);
        yield return approvers >= 2
            ? DoctorCheck.Good("operators.approvers", null, "operators", $"{approvers} approvers")
            : DoctorCheck.Warn("operators.approvers", null, "operators", $"{approvers} approver{(approvers == 1 ? "" : "s")}: nobody could approve a destructive run that the only approver asked for", "Name a second approver: four eyes.");
        foreach (var person in operators.Where(person => WeakHashes.Contains(person.KeyHash.ToLowerInvariant())))
            yield return DoctorCheck.Fail("operators.key", null, person.Name, "has a key that everybody guesses first", $"whatsops operator key {person.Name}");
        foreach (var person in operators.Where(person => person.KeyHash.StartsWith("sha256:00000000", StringComparison.Ordinal)))
            yield return DoctorCheck.Warn("operators.key", null, person.Name, "has the sample's placeholder, so nobody can be this person", $"whatsops operator key {person.Name}");
    }
}
