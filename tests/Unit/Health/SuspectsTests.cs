using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

public sealed class SuspectsTests
{
    public static TheoryData<string, string?> Cases => new()
    {
        { "missing", "Missing" }, { "contradicted", "Contradicted" }, { "changed", "Changed" }, { "connecting", "Connecting" },
        { "silent 60", null }, { "silent 60.1", "Silent" }, { "silent 10079", "Silent" }, { "silent 10080", null }, { "never an event", null },
        { "new", "New" }, { "open", null }, { "closed for long", null }, { "live, changed", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_doubt_earns_a_direct_look(string what, string? suspicion)
    {
        var facts = what.Split(' ')[0] switch
        {
            "missing" => Facts.Of(null, Facts.Known()),
            "contradicted" => Facts.Of(Facts.Listed(), Facts.Known(InstanceState.Connecting)),
            "changed" => Facts.Of(Facts.Listed(InstanceState.Close), Facts.Known()),
            // Its list is a direct look already.
            "live," => Facts.Of(Facts.Listed(InstanceState.Close) with { IsLive = true }, Facts.Known()),
            "connecting" => Facts.Of(Facts.Listed(InstanceState.Connecting), Facts.Known(InstanceState.Connecting)),
            "silent" => Facts.Of(Facts.Listed(), Facts.Known(lastEventMinutes: double.Parse(what.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))),
            "never" => Facts.Of(Facts.Listed(), Facts.Known(lastEventMinutes: null)),
            "new" => Facts.Of(Facts.Listed()),
            "closed" => Facts.Of(Facts.Listed(InstanceState.Close), Facts.Known(InstanceState.Close)),
            _ => Facts.Of(Facts.Listed(), Facts.Known()),
        };
        Assert.Equal(suspicion, facts.Suspicion?.ToString());
    }

    [Fact]
    public void The_cap_holds_and_the_most_pressing_come_first()
    {
        InstanceFacts[] all =
        [
            .. Enumerable.Range(0, 5).Select(i => Facts.Of(Facts.Listed(slug: $"new{i}"), slug: $"new{i}")),
            .. Enumerable.Range(0, 3).Select(i => Facts.Of(null, Facts.Known(slug: $"gone{i}"), slug: $"gone{i}")),
            Facts.Of(Facts.Listed(), Facts.Known()),
        ];
        var chosen = Suspects.Choose(all, 4, Facts.Now);
        Assert.Equal([Suspicion.Missing, Suspicion.Missing, Suspicion.Missing, Suspicion.New], chosen.Select(facts => facts.Suspicion!.Value));
        Assert.Equal(8, Suspects.Choose(all, 100, Facts.Now).Count);
    }

    [Fact]
    public void In_time_everyone_gets_its_look()
    {
        var all = Enumerable.Range(0, 20).Select(i => Facts.Of(null, Facts.Known(slug: $"t{i}"), slug: $"t{i}")).ToArray();
        var looked = Enumerable.Range(0, 200).SelectMany(sweep => Suspects.Choose(all, 3, Facts.Now.AddMinutes(5 * sweep))).Select(facts => facts.Instance).Distinct();
        Assert.Equal(20, looked.Count());
    }
}
