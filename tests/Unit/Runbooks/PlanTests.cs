using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class PlanTests
{
    private static readonly RunTarget Target = new("revalya", "acme", "revalya-acme", "evo-1", null);

    [Fact]
    public void The_hash_holds_the_approval_to_every_word_of_the_plan()
    {
        var plan = Planner.Plan(new ResetIntegration(), Target);
        Assert.Equal(plan.Hash(), Planner.Plan(new ResetIntegration(), Target).Hash());
        Assert.NotEqual(plan.Hash(), Planner.Plan(new ResetIntegration(), Target with { Gateway = "evo-2" }).Hash());
        Assert.NotEqual(plan.Hash(), (plan with { Steps = [.. plan.Steps.SkipLast(1)] }).Hash());
    }

    [Fact]
    public void The_hash_survives_the_database()
    {
        var plan = Planner.Plan(new ResetIntegration(), Target);
        var json = System.Text.Json.JsonSerializer.Serialize(plan, System.Text.Json.JsonSerializerOptions.Web);
        Assert.Equal(plan.Hash(), System.Text.Json.JsonSerializer.Deserialize<Plan>(json, System.Text.Json.JsonSerializerOptions.Web)!.Hash());
    }

    [Fact]
    public void The_delete_is_the_reset_s_point_of_no_return()
    {
        var plan = Planner.Plan(new ResetIntegration(), Target);
        Assert.Equal("delete-instance", plan.PointOfNoReturn);
        Assert.Equal("delete-instance", Assert.Single(plan.Steps, step => step.PointOfNoReturn).Path);
        Assert.True(plan.Destructive);
    }

    [Fact]
    public void Pauses_grow_by_half_up_to_the_longest()
    {
        var pace = Pace.Seconds(2, 10);
        Assert.Equal([2, 3, 4.5, 6.75, 10, 10], Enumerable.Range(1, 6).Select(look => pace.After(look).TotalSeconds));
        Assert.Equal(10, pace.After(int.MaxValue).TotalSeconds);
    }
}
