using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>What differs between tests on a <see cref="HostRig"/>.</summary>
internal sealed record HostRigOptions
{
    /// <summary>How long after a QR code is shown a phone scans it; null: nobody scans.</summary>
    public TimeSpan? ScanAfter { get; init; }

    public IReadOnlyDictionary<string, string> Policies { get; init; } = new Dictionary<string, string> { ["*"] = "observe" };

    public int ActionsPerHour { get; init; } = 6;

    /// <summary>The fleet file's <c>alerts</c>.</summary>
    public object Alerts { get; init; } = new { };

    /// <summary>The product's database; null makes one.</summary>
    public TestDatabase? Product { get; init; }

    /// <summary>Connection string that WhatsOps uses for the product's database; null: the superuser's.</summary>
    public string? ProductLogin { get; init; }

    /// <summary>Further settings of every host.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
