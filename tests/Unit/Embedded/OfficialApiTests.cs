using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;

namespace WhatsOps.Tests.Unit.Embedded;

/// <summary>The embedded host must not offer anything that the official packages do not: the same sources compile against both.</summary>
public sealed class OfficialApiTests
{
    private static readonly OfficialApi Official = new();

    [Fact]
    public void Nothing_in_an_official_namespace_is_more_than_the_official_assemblies_have()
    {
        var types = typeof(FunctionsApplication).Assembly.GetTypes()
            .Where(t => t.IsVisible && t.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal)).ToArray();

        Assert.True(types.Length > 40, $"only {types.Length} official types found");
        Assert.Equal("", string.Join('\n', types.SelectMany(t => Official.Extras(t))));
    }

    [Fact]
    public void Everything_public_is_in_an_official_namespace()
    {
        var own = typeof(FunctionsApplication).Assembly.GetTypes()
            .Where(t => t.IsVisible && !t.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal));
        Assert.Empty(own);
    }

    [Fact]
    public void The_comparison_sees_an_extra_member_a_wrong_signature_and_a_lost_question_mark()
    {
        var extras = Official.Extras(typeof(Doctored.TimerInfo), "Microsoft.Azure.Functions.Worker.TimerInfo").ToArray();

        Assert.Equal(
            [
                "Microsoft.Azure.Functions.Worker.TimerInfo is 'sealed class', officially 'class'",
                "Microsoft.Azure.Functions.Worker.TimerInfo|M public void Skip()",
                "Microsoft.Azure.Functions.Worker.TimerInfo|P public Microsoft.Azure.Functions.Worker.ScheduleStatus ScheduleStatus { get; set; }",
                "Microsoft.Azure.Functions.Worker.TimerInfo|P public bool IsPastDue { get; init; }",
            ],
            extras);
    }

    [Fact]
    public void The_comparison_sees_an_invented_type() =>
        Assert.Contains(Official.Extras(typeof(Doctored.Invented)), line => line.EndsWith("is not an official type", StringComparison.Ordinal));

    public static class Doctored
    {
        public sealed class TimerInfo
        {
            public ScheduleStatus ScheduleStatus { get; set; } = new();

            public bool IsPastDue { get; init; }

            public void Skip() => ScheduleStatus = new();
        }

        public sealed class Invented;
    }
}
