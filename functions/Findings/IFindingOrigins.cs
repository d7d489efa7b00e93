namespace WhatsOps.Findings;

/// <summary>Knows which traces told of what a check has just seen. Asked only for findings that open, and only while somebody traces.</summary>
public interface IFindingOrigins
{
    /// <summary>The traceparent of each finding's cause, by the finding's id; those without one are left out.</summary>
    Task<IReadOnlyDictionary<long, string>> OfAsync(IReadOnlyList<Finding> opened, CancellationToken cancellation);
}
