using System.Threading.Channels;

namespace WhatsOps.Events;

/// <summary>Wakes this process's sender after a commit. A hint only: what is missed, the timer function finds.</summary>
public sealed class DeliverySignal
{
    // One waiting signal says as much as many.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Raise() => _signal.Writer.TryWrite(true);

    internal async Task WaitAsync(CancellationToken cancellation) => await _signal.Reader.ReadAsync(cancellation);
}
