namespace WhatsOps.Tests.Unit.Infra;

/// <summary>Instances × pool stays under the connections of the database: a full database is an outage of the receiver.</summary>
[Collection("Infra")]
public sealed class SizesTests(Template template)
{
    [BicepFact]
    public void Every_size_that_is_offered_says_how_many_connections_it_has()
    {
        var offered = template.Arm["definitions"]!["postgresSku"]!["allowedValues"]!.AsArray().Select(size => (string)size!).Order(StringComparer.Ordinal);
        Assert.Equal(offered, Connections().Keys.Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task On_every_size_as_many_instances_are_allowed_as_fit_and_not_one_more()
    {
        // Evaluated by the compiler for each size and pool: what would not fit were an error, and what is told to be the most must be.
        var most = """
            import { fitting, reservedConnections, userConnections } from 'sizes.bicep'
            param pools int[]
            output most int[] = flatten(map(pools, pool => map(items(userConnections), size => fitting((size.value - reservedConnections) / pool, pool, size.value))))
            """;
        int[] pools = [2, 7, 10, 20, 50];
        var answer = await template.EvaluateAsync("most", $"using 'most.bicep'\nparam pools = [{string.Join(", ", pools)}]\n", most);
        Assert.Equal("", answer.Words);
        var told = answer.Json["outputs"]!["most"]!.AsArray().Select(number => (int)number!).ToArray();
        var cases = pools.SelectMany(pool => Connections().OrderBy(size => size.Key, StringComparer.Ordinal).Select(size => (Pool: pool, Connections: size.Value))).ToArray();
        Assert.Equal(cases.Length, told.Length);
        Assert.All(cases.Zip(told), pair =>
        {
            Assert.True(pair.Second * pair.First.Pool < pair.First.Connections);
            Assert.True((pair.Second + 1) * pair.First.Pool + 10 > pair.First.Connections);
        });
    }

    [BicepFact]
    public async Task A_deployment_with_one_instance_too_many_fails_and_says_what_fits()
    {
        var parameters = await File.ReadAllTextAsync(Path.Combine(Template.Folder, "main.dev.bicepparam"));
        Assert.Contains("maximumInstances = 40", parameters, StringComparison.Ordinal);
        var answer = await template.EvaluateAsync("toomany", parameters.Replace("maximumInstances = 40", "maximumInstances = 41", StringComparison.Ordinal));
        Assert.Null(answer.Text);
        Assert.Contains("41 x poolSize 10", answer.Words, StringComparison.Ordinal);
        Assert.Contains("at most 40 instances", answer.Words, StringComparison.Ordinal);
    }

    [BicepFact]
    public void The_app_is_told_the_pool_that_was_reckoned_with_and_there_is_room_for_every_timer()
    {
        foreach (var environment in Template.Environments)
        {
            var scale = template.Resources(environment, "Microsoft.Web/sites").Single()["properties"]!["functionAppConfig"]!["scaleAndConcurrency"]!;
            var pool = int.Parse((string)template.Resources(environment, "Microsoft.Web/sites/config").Single()["properties"]!["OperationsDatabasePool"]!, System.Globalization.CultureInfo.InvariantCulture);
            var size = (string)template.Resources(environment, "Microsoft.DBforPostgreSQL/flexibleServers").Single()["sku"]!["name"]!;
            var instances = (int)scale["maximumInstanceCount"]!;
            Assert.True(instances * pool < Connections()[size], environment);
            // Flex Consumption gives every timer function an instance of its own, HTTP and Durable one for all of theirs.
            Assert.True(instances >= Timers() + 2 + scale["alwaysReady"]!.AsArray().Sum(group => (int)group!["instanceCount"]!), environment);
        }
    }

    private static int Timers() => typeof(WhatsOps.Health.HealthFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        .Count(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(Microsoft.Azure.Functions.Worker.TimerTriggerAttribute), inherit: false)));

    private Dictionary<string, int> Connections() => template.Arm["variables"]!["userConnections"]!.AsObject().ToDictionary(size => size.Key, size => (int)size.Value!);
}
