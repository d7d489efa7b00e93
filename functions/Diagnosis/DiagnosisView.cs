using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Diagnosis;

/// <summary>Everything that was seen of one tenant, once, before the trees are walked.</summary>
/// <param name="Tenant">Null: the product has no such tenant, or was not seen (<see cref="ProductView.Problem"/>).</param>
/// <param name="Gateway">Null: the tenant's gateway cannot be told.</param>
/// <param name="Now">When it was seen.</param>
internal sealed record DiagnosisView(FleetSystem System, string Slug, ProductView Product, Tenant? Tenant, GatewayView? Gateway, DateTimeOffset Now)
{
    /// <summary>The exact name: prefix + slug.</summary>
    public string Instance => System.InstancePrefix + Slug;

    /// <summary>As the gateway's list shows it; null: not in it.</summary>
    public InstanceSnapshot? Listed => Gateway?.Instances.GetValueOrDefault(Instance);

    /// <summary>The direct look; null: not made.</summary>
    public Observation<InstanceState>? Direct { get; init; }

    /// <summary>Whether a QR code is there to scan; null: not asked, since the instance is not connecting.</summary>
    public bool? HasQr { get; init; }

    public Observation<WebhookSettings>? Webhook { get; init; }

    /// <summary>What was known before; null: nothing.</summary>
    public InstanceStatus? Known { get; init; }

    /// <summary>Of this instance within the window of the thresholds.</summary>
    public int Disconnections { get; init; }

    /// <summary>Instances of the same gateway that disconnected within that window, and how many it has.</summary>
    public (int Fallen, int All) Neighbours { get; init; }

    /// <summary>Shown within the last hour.</summary>
    public int QrCodes { get; init; }

    public IReadOnlyList<ForeignTraffic> Foreign { get; init; } = [];

    /// <summary>Tenants whose active rows name the instance that this tenant's row names.</summary>
    public IReadOnlyList<string> Sharers { get; init; } = [];

    /// <summary>Calls to the tenant's gateway within the last day.</summary>
    public Performance Performance { get; init; } = Performance.None;

    /// <summary>Calls within the window of disconnections: whether the gateway is stable now.</summary>
    public Performance Lately { get; init; } = Performance.None;

    /// <summary>What the watch knows; nothing where the system has no watch.</summary>
    public Surroundings Around { get; init; } = Surroundings.None;

    /// <summary>As well as it can be told; null: there is no such instance, or it could not be seen.</summary>
    public InstanceState? State => SeenState.WithEvents(SeenState.Of(Direct, Listed), Known);

    /// <summary>Baileys code of the last end of the session; null: none is known.</summary>
    public int? Reason => Listed?.DisconnectionReason ?? Known?.DisconnectReason;

    /// <summary>A conclusion's sentence with its places filled.</summary>
    public string Fill(string text) => text
        .Replace("{system}", System.Name, StringComparison.Ordinal).Replace("{tenant}", Slug, StringComparison.Ordinal).Replace("{instance}", Instance, StringComparison.Ordinal).Replace("{gateway}", Gateway?.Name ?? "?", StringComparison.Ordinal);
}
