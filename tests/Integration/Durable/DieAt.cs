using WhatsOps.Embedded.Durable;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>Dies at the n-th fault point that is reached, counted from 1.</summary>
internal sealed class DieAt(int n) : IFaultPoints
{
    private int reached;

    public bool Died => Volatile.Read(ref reached) >= n;

    public FaultPoint? Where { get; private set; }

    public bool DiesAt(FaultPoint point, string? instanceId, string? activity)
    {
        if (Interlocked.Increment(ref reached) != n) return false;
        Where = point;
        return true;
    }
}
