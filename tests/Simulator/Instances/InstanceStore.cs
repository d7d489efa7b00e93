using System.Collections.Concurrent;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.Instances;

/// <summary>The rows of a gateway by exact name.</summary>
internal sealed class InstanceStore(SimulatorOptions options, SimulatorClock clock, SimulatorRandom random)
{
    private readonly ConcurrentDictionary<string, Instance> byName = new(StringComparer.Ordinal);
    private int ordinal;

    /// <summary>All rows in the order of their creation.</summary>
    public IReadOnlyList<Instance> All => [.. byName.Values.OrderBy(instance => instance.CreatedAt)];

    public Instance? Find(string? name) => name is not null && byName.TryGetValue(name, out var instance) ? instance : null;

    public bool Any => !byName.IsEmpty;

    public bool TryAdd(Instance instance) => byName.TryAdd(instance.Name, instance);

    /// <summary>Removes this very row, not a later one of the same name.</summary>
    public void Remove(Instance instance) => byName.TryRemove(KeyValuePair.Create(instance.Name, instance));

    public void Seed(InstanceSeed seed)
    {
        var number = Interlocked.Increment(ref ordinal);
        var created = seed.CreatedAt ?? clock.Now.AddDays(-30).AddMilliseconds(number);
        var owner = seed.Owner ?? (seed.State == InstanceState.Open ? $"55119{90000000 + number}" : null);
        var instance = new Instance(seed.Name, random.Uuid(), seed.Token ?? random.Token(), created)
        {
            Integration = seed.Integration,
            Number = seed.Number,
            SettingsId = random.Cuid(),
            State = seed.State,
            ConnectionStatus = seed.ConnectionStatus ?? Told(seed.State),
            OwnerJid = owner is null ? null : owner + "@s.whatsapp.net",
            ProfileName = owner is null ? null : seed.ProfileName ?? seed.Name,
            Paired = seed.Paired ?? seed.State == InstanceState.Open,
            Loaded = seed.Loaded,
            Zombie = seed.Zombie,
            HasClient = seed.State != InstanceState.Close,
            DisconnectionReasonCode = seed.DisconnectionReasonCode,
            DisconnectionAt = seed.DisconnectionAt ?? (seed.DisconnectionReasonCode is null ? null : created),
            DisconnectionObject = seed.DisconnectionReasonCode is { } code ? Disconnection.Kicked(code, created) : null
        };
        if (seed.State == InstanceState.Open) instance.Wuid = instance.OwnerJid;
        if (seed is { State: InstanceState.Connecting } && !instance.Paired)
            instance.Qr = QrCode.Next(random, null, instance.QrCount = 1);
        if (seed.Webhook is { } hook) instance.Webhook = Stored(hook, instance.Id, created);
        if (!TryAdd(instance)) throw new ArgumentException($"An instance named {seed.Name} exists already.", nameof(seed));
    }

    private string Told(string state) => options.LyingShare > 0 && random.NextDouble() < options.LyingShare
        ? state == InstanceState.Open ? InstanceState.Close : InstanceState.Open
        : state;

    private WebhookConfig Stored(WebhookSeed hook, string instanceId, DateTimeOffset at) => new(
        random.Cuid(), hook.Url, hook.Headers, hook.Enabled, hook.Events.Count == 0 && hook.Enabled ? WebhookEvents.Allowed : hook.Events,
        hook.ByEvents, hook.Base64, Json.Iso(at), Json.Iso(at), instanceId);
}
