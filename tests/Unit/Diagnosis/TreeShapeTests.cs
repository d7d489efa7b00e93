using System.Text.RegularExpressions;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Unit.Diagnosis;

/// <summary>The trees as data: complete, without loops, and every leaf can be come to.</summary>
public sealed partial class TreeShapeTests
{
    public static TheoryData<string> Symptoms() => [.. AllTrees.All.Select(tree => tree.Symptom)];

    [Fact]
    public void There_are_the_manuals_seven() => Assert.Equal(["connection", "disconnection", "isolation", "performance", "sending", "latency", "memory"], AllTrees.All.Select(tree => tree.Symptom));

    [Theory, MemberData(nameof(Symptoms))]
    public void Every_answer_that_a_fact_can_give_leads_on_and_no_other(string symptom)
    {
        foreach (var question in Tree(symptom).Questions)
            Assert.Equal(Facts.All[question.Fact].Answers.Order(StringComparer.Ordinal), question.Next.Keys.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Symptoms))]
    public void Every_node_is_there_once_is_reached_and_ends_in_a_leaf(string symptom)
    {
        var tree = Tree(symptom);
        string[] ids = [.. tree.Questions.Select(question => question.Id), .. tree.Conclusions.Select(conclusion => conclusion.Id)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var reached = new HashSet<string>();
        Follow(tree.Root, []);
        Assert.Equal(ids.Order(StringComparer.Ordinal), reached.Order(StringComparer.Ordinal));

        void Follow(string id, IReadOnlyList<string> before)
        {
            Assert.Contains(id, ids);
            Assert.DoesNotContain(id, before);
            reached.Add(id);
            foreach (var next in tree.Questions.FirstOrDefault(question => question.Id == id)?.Next.Values ?? []) Follow(next, [.. before, id]);
        }
    }

    [Theory, MemberData(nameof(Symptoms))]
    [Capability("R-076")]
    public void Every_leaf_that_is_worse_than_a_note_names_a_known_runbook_or_says_what_a_person_does(string symptom)
    {
        foreach (var leaf in Tree(symptom).Conclusions)
        {
            Assert.Matches(Snake(), leaf.Id);
            Assert.EndsWith(".", leaf.Cause, StringComparison.Ordinal);
            Assert.True(leaf.Severity == Severity.Info || leaf.Remedy is not null || leaf.Task is not null, leaf.Id);
            if (leaf.Remedy is { } remedy) Assert.Contains(remedy, Remedy.All);
            Assert.True(leaf.Severity > Severity.Info || leaf.Remedy is null, leaf.Id);
        }
    }

    [Fact]
    public void Every_remedy_is_used_and_its_name_is_a_runbook_s()
    {
        Assert.Equal(Remedy.All.Order(ByName), AllTrees.All.SelectMany(tree => tree.Conclusions).Select(leaf => leaf.Remedy).OfType<Remedy>().Distinct().Order(ByName));
        string[] named = [.. typeof(WhatsOps.Health.Remedies).GetFields().Select(name => (string)name.GetRawConstantValue()!)];
        Assert.All(Remedy.All, remedy =>
        {
            Assert.Contains(remedy.Runbook, named);
            if (AllRunbooks.Current.FirstOrDefault(runbook => runbook.Name == remedy.Runbook) is { } runbook) Assert.Equal(remedy.IsAboutTheGateway, runbook.Scope == RunbookScope.Gateway);
        });
    }

    private static Comparer<Remedy> ByName { get; } = Comparer<Remedy>.Create((left, right) => string.CompareOrdinal(left.Runbook, right.Runbook));

    private static Tree Tree(string symptom) => AllTrees.All.Single(tree => tree.Symptom == symptom);

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$")]
    private static partial Regex Snake();
}
