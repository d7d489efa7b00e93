using WhatsOps.Diagnosis;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Diagnosis;

/// <summary>What may be seen of tenant acme; healthy unless said otherwise.</summary>
internal static class Views
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GatewayEndpoint Endpoint = new() { Name = "gw0", Url = "http://gw0", ApiKey = "${env:KEY}" };

    public static FleetSystem System { get; } = new()
    {
        Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-", Gateways = [Endpoint], Webhook = new() { BaseUrl = "https://ops.example.com", DeliverTo = "none" },
    };

    public static DiagnosisView Healthy { get; } = new(System, "acme", Product(Acme()), Acme(), Gateway(InstanceState.Open), Now)
    {
        Direct = Seen(InstanceState.Open),
        Webhook = Seen(new WebhookSettings(true, "https://ops.example.com/api/whatsapp/webhook/acme", new Dictionary<string, string>(), [], false, false)),
        Performance = Calls(), Lately = Calls(), Sharers = ["acme"],
    };

    public static DiagnosisView In(InstanceState state, int? reason = null, double minutes = 5, int qrCodes = 0, bool? hasQr = null, bool paired = true) => Healthy with
    {
        Gateway = Gateway(state, reason, paired), Direct = Seen(state), QrCodes = qrCodes, HasQr = hasQr,
        Known = new("revalya", "acme", "gw0", "revalya-acme", state, Now.AddMinutes(-minutes), Now, null, null, null),
    };

    public static Tenant Acme(bool active = true, string? name = "revalya-acme", bool row = true) => new("revalya", "acme", true, row ? new TenantIntegration(name, active, null, "http://gw0", null, Now) : null);

    public static DiagnosisView With(this DiagnosisView view, Tenant? tenant) => view with { Tenant = tenant, Product = tenant is null ? Product() : Product(tenant) };

    public static GatewayView Gateway(InstanceState? state, int? reason = null, bool paired = true, string? problem = null, Outcome outcome = Outcome.Seen, bool probe = true, bool mustPair = false)
    {
        IReadOnlyList<InstanceSnapshot>? list = outcome == Outcome.Seen ? state is { } known ? [new("revalya-acme", known, "id", paired, reason, null, null) { MustPair = mustPair }] : [] : null;
        return new(
            Endpoint, null, new(probe ? Outcome.Seen : Outcome.Unreachable, probe ? new GatewayHealth("2.3.6") : null, null, Now, default), new(outcome, list, outcome == Outcome.Seen ? null : "HTTP 500", Now, default), 2, problem);
    }

    public static Performance Calls(long calls = 1000, long good = 1000, double average = 80, long timeouts = 0, double? status = 200, params (string, long)[] errors) => new(calls, good, average, timeouts, status, errors);

    public static Observation<T> Seen<T>(T value) => new(Outcome.Seen, value, null, Now, default);

    public static Observation<T> Not<T>(Outcome outcome) => new(outcome, default, "HTTP 500", Now, default);

    public static ForeignTraffic Foreign { get; } = new("acme", "revalya-beta", 3, Now);

    private static ProductView Product(params Tenant[] tenants) =>
        new(tenants, new Dictionary<string, string> { ["revalya-acme"] = "acme", ["revalya-beta"] = "beta" }, default, null, false);
}
