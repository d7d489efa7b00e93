using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>What direct looks at the suspects of one gateway showed.</summary>
/// <param name="ByInstance">By exact name; without those cut off by the deadline and those not made.</param>
/// <param name="IsMute">Too many in a row got no answer, so the rest was spared: it is the gateway that is sick, not its instances.</param>
internal sealed record DirectLooks(IReadOnlyDictionary<string, Observation<InstanceState>> ByInstance, bool IsMute);
