using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>A family of targets. It changes nothing, and a sick target is a reading, never an exception.</summary>
internal interface IProbe
{
    /// <summary>What of this family a system has. Cheap: asked at every tick.</summary>
    IEnumerable<Look> LooksAt(FleetSystem system);
}
