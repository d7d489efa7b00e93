namespace WhatsOps.Reports;

/// <summary>A report, and the sources it had to do without; its notes say the same in words.</summary>
public sealed record MadeReport(IReport Report, IReadOnlyList<Unread> Unread)
{
    /// <summary>False: a source that is there could not be read.</summary>
    public bool IsComplete => Unread.All(source => source.IsAbsent);
}
