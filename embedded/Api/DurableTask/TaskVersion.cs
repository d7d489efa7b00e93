namespace Microsoft.DurableTask;

/// <summary>The version of an orchestrator or an activity; empty is unversioned.</summary>
public readonly struct TaskVersion(string? version) : IEquatable<TaskVersion>
{
    public static readonly TaskVersion Unversioned;

    public string Version { get; } = version ?? string.Empty;

    public static implicit operator TaskVersion(string? value) => new(value);

    public static implicit operator string(TaskVersion value) => value.Version ?? string.Empty;

    public static bool operator ==(TaskVersion a, TaskVersion b) => a.Equals(b);

    public static bool operator !=(TaskVersion a, TaskVersion b) => !a.Equals(b);

    public bool Equals(TaskVersion other) => string.Equals(this, other, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(this);
}
