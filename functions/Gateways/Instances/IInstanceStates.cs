namespace WhatsOps.Gateways;

/// <summary>
/// Keeps the state of every instance and its transitions. A sighting older than what is known changes nothing.
/// open→connecting is kept as a disconnection, because Evolution sends no close for a transient one.
/// </summary>
public interface IInstanceStates
{
    Task RecordAsync(IReadOnlyList<InstanceSighting> sightings, CancellationToken cancellation);

    Task<IReadOnlyList<InstanceStatus>> ListAsync(string system, CancellationToken cancellation);

    /// <summary>Disconnections per exact instance name since a time.</summary>
    Task<IReadOnlyDictionary<string, int>> DisconnectionsAsync(string system, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>QR codes shown per exact instance name since a time.</summary>
    Task<IReadOnlyDictionary<string, int>> QrCodesAsync(string system, DateTimeOffset since, CancellationToken cancellation);
}
