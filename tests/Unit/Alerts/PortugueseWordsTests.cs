using System.Text.RegularExpressions;
using WhatsOps.Alerts;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Alerts;

/// <summary>
/// No look, gateway or channel has a sentence that a Brazilian on call reads in English: the sources are read for what they can say, and all of it is told in Portuguese.
/// A new sentence fails here until <c>words.pt-BR.json</c> has it.
/// </summary>
public sealed partial class PortugueseWordsTests
{
    // What stands on boards and in reports, and what the callers of an API are told; its kinds of findings are told by their facts.
    private static readonly string[] SilentOfTargets =
    [
        "Watch/Board", "Watch/Dashboard", "Watch/DayChecks", "Watch/Kpis", "Watch/LogReviews", "Watch/Renewals", "Watch/Rules", "Watch/Samples", "Watch/WatchFunctions.cs", "Watch/TargetFindings.cs",
        "Watch/Alertmanager/AlertmanagerFunctions.cs", "Watch/Alertmanager/AlertmanagerNotification.cs",
    ];

    // Whose words a sentence of another kind quotes.
    private static readonly string[] QuotedFiles =
    [
        "Alerts/Channels/AlertHttp.cs", "Alerts/Channels/EmailChannel.cs", "Events/Delivery/DeliveryClient.cs", "Events/LostEvents/MessageAudit.cs", "Gateways/Http/CappedStream.cs",
        "Gateways/Http/GatewayCaller.cs", "Gateways/Http/GatewayErrors.cs", "Gateways/Http/GatewayTransport.cs", "Gateways/TaktChat/TaktChatErrors.cs", "Health/ProductApi.cs", "Health/ProductObserver.cs",
    ];

    // Words of what is seen.
    private static readonly string[] OnBoardsOnly = ["ContainerCondition.Words", "LogFileProbe.Words", "RedisVitals.Words"];

    // Typed, asked or compared as they are, and those that stand on boards only.
    private static readonly string[] ToldAsTheyAre =
    [
        "rabbitmqctl delete_user guest", "docker logs --since 7s 7", "docker exec 7 tail -n 100 7", "max by (instance, mountpoint) (100 * (1 - node_filesystem_avail_bytes{fstype!~\"", "Invalid token",
        "7, in a maintenance window.", "7, in no maintenance window.", "it runs", "what runs is not known", "7 is at 77.", "7 is at 7 by pull request 77.", "7 is at 7 since 7 UTC7.",
        "7 is at 7 by pull request 7 since 7 UTC7.", " Its schema is at 7.", "Slowest on average: 7.", "-eo pid,rss,comm", "gzip, br",
    ];

    public static TheoryData<string, string> Said => [.. Files().SelectMany(file => SpokenSentences.In(Path.Combine(Sources.Functions, file), OnBoardsOnly)
        .Where(text => Words().IsMatch(text) && !Sql().IsMatch(text) && !ToldAsTheyAre.Contains(text)).Select(text => new TheoryDataRow<string, string>(file, text)))];

    [Theory]
    [MemberData(nameof(Said))]
    public void Whatever_the_sources_can_say_is_told_in_portuguese(string file, string text)
    {
        var told = PortugueseWords.Part(text);
        Assert.True(told != text && !English().IsMatch(Quoted().Replace(told, "")), $"{file} says “{text}”, which comes out as “{told}”. Write it into words.pt-BR.json: {{n}} a number, {{t}} a text, {{w}} words of ours.");
    }

    [Fact]
    public void Nothing_is_told_that_the_sources_do_not_say()
    {
        // Where a text has branches, a piece of it is in the source as it stands, or its beginning is.
        const int Beginning = 40;
        var sources = Plain(string.Concat(Sources.CSharpIn(Sources.Functions).Select(File.ReadAllText)));
        foreach (var phrase in PortugueseWords.Sentences.Concat(PortugueseWords.Fragments))
        {
            var pieces = Place().Split(phrase.English).SelectMany(part => part.Split([". ", "; ", ": "], StringSplitOptions.None)).OrderByDescending(part => part.Length).Take(2);
            Assert.True(pieces.Any(piece => piece.Length > 0 && sources.Contains(Plain(piece[..Math.Min(piece.Length, Beginning)]), StringComparison.Ordinal)), $"Nothing says “{phrase.English}” any more. Take it out of words.pt-BR.json.");
        }

        static string Plain(string text) =>
            text.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace('_', ' ');
    }

    [Fact]
    public void Both_languages_have_the_same_places_in_the_same_order()
    {
        foreach (var phrase in PortugueseWords.Sentences.Concat(PortugueseWords.Fragments))
            Assert.Equal(Place().Matches(phrase.English).Select(place => place.Value), Place().Matches(phrase.Other).Select(place => place.Value));
    }

    [Theory]
    [InlineData("It answers 404: there is no such endpoint.", "Responde 404: esse endpoint não existe.")]
    [InlineData("The connection is refused: nothing listens there. Is RabbitMQ up, and its management plugin on? rabbitmq-plugins enable rabbitmq_management", "A conexão é recusada: nada escuta ali. O RabbitMQ está no ar, com o plugin de gestão ligado? rabbitmq-plugins enable rabbitmq_management")]
    [InlineData("The engine at unix:///var/run/docker.sock has no container app. Fix: docker ps -a lists the names.", "O motor em unix:///var/run/docker.sock não tem o contêiner app. docker ps -a lista os nomes.")]
    [InlineData("The reference ${env:REDIS} has no value. Fix: set it in the environment (or Key Vault reference) of the host.", "A referência ${env:REDIS} não tem valor. Defina-a no ambiente do host (ou como referência do Key Vault).")]
    [InlineData("RabbitMQ takes guest/guest, which everybody knows. The management API takes it. Fix: rabbitmqctl delete_user guest", "RabbitMQ aceita guest/guest, que todos conhecem. A API de gestão a aceita. Corrija: rabbitmqctl delete_user guest")]
    [InlineData("Container chat-api does not run: exit code 3, at 2026-03-01 12:00:00Z. Its last lines stand beside this. Fix, if they name nothing else: docker start chat-api.", "O contêiner chat-api não está rodando: exit code 3, em 2026-03-01 12:00:00Z. As últimas linhas estão ao lado. Se não disserem outra coisa: docker start chat-api.")]
    [InlineData("Queue messages is paused and 4 jobs wait in it: nothing of it is done until somebody resumes it.", "A fila messages está pausada e 4 jobs esperam nela: nada dela anda até alguém retomá-la.")]
    [InlineData("The age of the image of container api cannot be had: The container engine at tcp://engine:2375 does not answer.", "Não se obtém a idade da imagem do contêiner api: O motor de contêineres em tcp://engine:2375 não responde.")]
    [InlineData("the database system is starting up (57P03).", "the database system is starting up (57P03).")]
    public void What_our_looks_say_is_told_in_portuguese_and_what_a_server_says_as_it_is(string words, string portuguese) => Assert.Equal(portuguese, PortugueseWords.Of(words));

    private static IEnumerable<string> Files() =>
        new[] { "Watch", "Containers" }.SelectMany(folder => Sources.CSharpIn(Path.Combine(Sources.Functions, folder)))
            .Select(file => Path.GetRelativePath(Sources.Functions, file).Replace('\\', '/')).Append("Fleet/MissingSecretException.cs").Concat(QuotedFiles)
            .Where(file => !SilentOfTargets.Any(silent => file.StartsWith(silent, StringComparison.Ordinal)));

    /// <summary>Two words in a row are language; one may be a name.</summary>
    [GeneratedRegex("[A-Za-z]{2,},? [a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    /// <summary>Words that nearly every English sentence has and no Portuguese one.</summary>
    [GeneratedRegex(@"\b(the|is|are|was|not|and|of|to|it|its|has|have|with|which|that|from|or|by|an|in|on|at|there|whether|cannot|does|Fix|Next)\b", RegexOptions.CultureInvariant)]
    private static partial Regex English();

    /// <summary>What is to be typed.</summary>
    [GeneratedRegex("\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\A\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Sql();

    [GeneratedRegex(@"\{[ntw]\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
