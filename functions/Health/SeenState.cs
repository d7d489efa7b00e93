using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>The state of an instance as well as looks can tell it.</summary>
internal static class SeenState
{
    /// <summary>Null: there is no such instance, or it could not be seen.</summary>
    public static InstanceState? Of(Observation<InstanceState>? direct, InstanceSnapshot? listed) => direct switch
    {
        { Outcome: Outcome.Seen } => direct.Value,
        // In the gateway's database but not in its memory: after a restart, or on another node.
        { Outcome: Outcome.Absent } when listed is not null => InstanceState.NotLoaded,
        { } => null,
        null => listed?.State,
    };

    /// <summary>Where the gateway tells only that it is paired, what its events told last, unless that was open: that they told so does not prove it now.</summary>
    public static InstanceState? WithEvents(InstanceState? seen, InstanceStatus? known) => seen == InstanceState.Paired && known is { State: not InstanceState.Open } heard ? heard.State : seen;
}
