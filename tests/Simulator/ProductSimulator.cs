using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator;

/// <summary>A simulated product beside Evolution: its address, the calls that it took, and faults that spoil its answers.</summary>
public abstract class ProductSimulator : IAsyncDisposable
{
    private protected ProductSimulator()
    {
    }

    public string Url => Listener.Url;

    /// <summary>Every call received, as <c>METHOD /path</c>.</summary>
    public IReadOnlyList<string> Calls => Listener.Calls;

    private protected ProductListener Listener { get; init; } = null!;

    /// <inheritdoc cref="ProductListener.SetFault"/>
    public string SetFault(Fault fault) => Listener.SetFault(fault);

    public void ClearFaults(string? id = null) => Listener.ClearFaults(id);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Listener.DisposeAsync();
    }
}
