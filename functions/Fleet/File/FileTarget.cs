namespace WhatsOps.Fleet;

/// <summary>A file in a container: who may read it, and for some kinds what it says .</summary>
public sealed record FileTarget : WatchTarget
{
    // Files of this kind change with a deployment.
    public FileTarget() => EverySeconds = 3600;

    public required ContainerReference Container { get; init; }

    /// <summary>Absolute, in the container.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The widest rights that it may have, octal, e.g. <c>0640</c>; null: for a file that is not read <c>0600</c> where its name ends in .key or .pem, else <c>0640</c>;
    /// for one that is read any.
    /// </summary>
    public string? Mode { get; init; }

    public FileShape Shape { get; init; } = FileShape.None;

    /// <summary>What it must say, in the place of the manual's values or beside them; <c>*</c> is any value.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
