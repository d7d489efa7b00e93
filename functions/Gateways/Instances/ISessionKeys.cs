using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>The sessions that gateways keep in Redis, by the ids of their instances. Names of keys only: a key's value is a customer's WhatsApp session.</summary>
public interface ISessionKeys
{
    /// <summary>Ids of instances that have a session key. Unreachable when Redis does not answer, or has more keys than one look reads. Throws <see cref="MissingSecretException"/>.</summary>
    Task<Observation<IReadOnlyList<string>>> InstanceIdsAsync(RedisOptions redis, CancellationToken cancellation);
}
