namespace WhatsOps.Fleet;

/// <summary>Which complete sets are kept. The newest and the newest one that passed a restore test always are.</summary>
public sealed record BackupRetention
{
    /// <summary>Every set of the last days (R-217: 30).</summary>
    public int Days { get; init; } = 30;

    /// <summary>The last set of each of the last weeks (Monday to Sunday in the system's time zone).</summary>
    public int Weeks { get; init; } = 8;

    /// <summary>The last set of each of the last months: the archive .</summary>
    public int Months { get; init; } = 12;
}
