using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>Output of the activity <c>RunbookStep</c>: what the motor must do next. Names and ids only.</summary>
/// <param name="After">With <see cref="StepMove.Wait"/>: ask again after this long, or when woken.</param>
/// <param name="Values">The branch chosen, the items of a ForEach, or the final state of the run.</param>
public sealed record StepAnswer(StepMove Move, TimeSpan After, IReadOnlyList<string> Values)
{
    public static StepAnswer Next(params IReadOnlyList<string> values) => new(StepMove.Next, default, values);

    public static StepAnswer Wait(TimeSpan after) => new(StepMove.Wait, after, []);

    public static StepAnswer Fail() => new(StepMove.Fail, default, []);
}

/// <summary>The motor's three moves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepMove>))]
public enum StepMove
{
    Next,
    Wait,

    /// <summary>Forward: compensate. While compensating: recorded, go on with the next compensation.</summary>
    Fail,
}
