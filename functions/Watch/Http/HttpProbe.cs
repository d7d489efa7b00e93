using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Asks HTTP endpoints, and reads their answers by the shape that the fleet file names.</summary>
internal sealed class HttpProbe : IProbe
{
    public IEnumerable<Look> LooksAt(FleetSystem system) => [];
}
