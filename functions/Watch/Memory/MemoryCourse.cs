namespace WhatsOps.Watch;

/// <summary>How a use of memory came to be what it is.</summary>
internal enum MemoryCourse
{
    /// <summary>It was not looked at for long enough.</summary>
    Unknown,

    /// <summary>It goes up and down about the same value.</summary>
    Steady,

    /// <summary>It rises and does not fall back.</summary>
    Growing,

    /// <summary>It was steady, and is much more now.</summary>
    Jumped,
}
