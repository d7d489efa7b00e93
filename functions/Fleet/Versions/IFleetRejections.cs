namespace WhatsOps.Fleet;

/// <summary>Tells whether somebody's last fleet file was refused: a finding (fleet_invalid) until a good one is applied.</summary>
public interface IFleetRejections
{
    /// <summary>The newest refusal that no good file has followed; null when all is well.</summary>
    Task<FleetRejection?> StandingAsync(CancellationToken cancellation);
}
