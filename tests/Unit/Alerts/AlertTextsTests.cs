using System.Reflection;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Alerts;

/// <summary>Both languages say everything, and say it in their own words.</summary>
public sealed class AlertTextsTests
{
    // The same word in both languages.
    private static readonly string[] Shared = ["Gateway"];

    public static TheoryData<string> Texts => [.. typeof(AlertTexts).GetMethods().Where(method => method is { IsAbstract: true }).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Both_languages_have_every_text(string name)
    {
        var english = All(name, AlertTexts.In(Language.English));
        var portuguese = All(name, AlertTexts.In(Language.BrazilianPortuguese));
        Assert.All([.. english, .. portuguese], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        if (!Shared.Contains(name.Replace("get_", "", StringComparison.Ordinal))) Assert.NotEqual(english, portuguese);
    }

    public static TheoryData<Finding, string> Causes => new()
    {
        { Alerted.Finding("gateway_unreachable", evidence: [("list", "unreachable"), ("probe", "seen"), ("tenants_behind", "1")]), "O gateway g1 não entrega a lista de instâncias (unreachable); a página inicial: seen. 1 cliente depende dele." },
        { Alerted.Finding("gateway_unauthorized", evidence: [("list", "unauthorized")]), "O gateway g1 recusa a chave" },
        { Alerted.Finding("gateway_unauthorized"), "Não há chave para o gateway g1" },
        { Alerted.Finding("gateway_degraded", evidence: [("down", "12"), ("instances", "20")]), "12 de 20 instâncias caíram em 15 minutos" },
        { Alerted.Finding("gateway_degraded", evidence: [("probe", "unreachable")]), "O gateway g1 lista as instâncias, mas a página inicial falha (unreachable)" },
        { Alerted.Finding("product_database_unreachable", evidence: [("problem", "57P03 starting up")]), "O banco de dados do produto não pode ser lido: 57P03 starting up." },
        { Alerted.Finding("instance_missing"), "A instância revalya-acme não existe no gateway g1." },
        { Alerted.Finding("instance_missing", gateway: null), "A instância revalya-acme não existe em nenhum gateway de revalya." },
        { Alerted.Finding("instance_not_open", evidence: [("state", "close")]), "O WhatsApp não está conectado: a instância está em close." },
        { Alerted.Finding("instance_stuck_connecting", evidence: [("since", "02:00"), ("threshold_minutes", "10"), ("qr_codes", "0")]), "Presa em connecting desde 02:00, mais de 10 minutos; QR codes na última hora: 0." },
        { Alerted.Finding("instance_logged_out", evidence: [("reason", "401")]), "O WhatsApp encerrou a sessão de vez (motivo 401: o aparelho foi removido no telefone)" },
        { Alerted.Finding("instance_logged_out", evidence: [("reason", "403")]), "O WhatsApp encerrou a sessão de vez (motivo 403: a conta está bloqueada)" },
        { Alerted.Finding("instance_not_loaded"), "O gateway tem a instância no banco de dados, mas não na memória" },
        { Alerted.Finding("instance_unreadable", evidence: [("outcome", "unreachable")]), "O gateway responde, mas não sobre esta instância (unreachable)." },
        { Alerted.Finding("instance_unstable", evidence: [("disconnections", "5"), ("window_hours", "2")]), "5 desconexões em 2 horas" },
        { Alerted.Finding("instance_qr_churn", evidence: [("qr_codes", "11")]), "11 QR codes foram mostrados em uma hora" },
        { Alerted.Finding("instance_state_contradiction", evidence: [("listed", "open"), ("direct", "close")]), "A lista do gateway diz open, a consulta direta diz close" },
        { Alerted.Finding("integration_inactive_seen_open", evidence: [("last_seen_open", "2030-01-01")]), "O produto marcou a integração como inativa, mas ela esteve conectada até 2030-01-01" },
        { Alerted.Finding("integration_inactive_seen_open"), "O produto desligou a integração embora o WhatsApp esteja conectado" },
        { Alerted.Finding("integration_without_instance_name", evidence: [("expected", "revalya-acme")]), "A linha do produto não tem nome de instância; espera-se revalya-acme." },
        { Alerted.Finding("instance_name_mismatch", evidence: [("configured", "x"), ("expected", "y")]), "A linha do produto aponta a instância x; espera-se y." },
        { Alerted.Finding("instance_name_mismatch", evidence: [("configured", "x"), ("owner", "beta")]), "A linha do produto aponta a instância x, que é do cliente beta" },
        { Alerted.Finding("sweep_incomplete", evidence: [("part_1", "g1")]), "A varredura não viu tudo: g1." },
        { Alerted.Finding("routine_failed", evidence: [("routine", "usage-report")]), "A rotina usage-report de revalya falhou" },
        { Alerted.Finding("tenant_isolation_slug_mismatch"), "O webhook do cliente acme entrega eventos da instância revalya-acme" },
        { Alerted.Finding("webhook_proof_failures", evidence: [("refused", "7")]), "Os webhooks do cliente acme não trazem prova" },
        { Alerted.Finding("fleet_invalid", evidence: [("by", "ana")]), "O arquivo da frota enviado por ana foi recusado" },
        { Alerted.Finding("run_waiting_approval", evidence: [("run", "r1")]), "A execução r1 para acme espera um aprovador" },
        { Alerted.Finding("run_stuck", evidence: [("run", "r1"), ("state", "running")]), "A execução r1 está parada (estado running)." },
        { Alerted.Finding("run_compensation_failed", evidence: [("run", "r1"), ("failedStep", "create"), ("notTakenBack", "row")]), "A execução r1 falhou em create e não conseguiu desfazer: row." },
        {
            Alerted.Finding(DeadRoutes.Kind, evidence: [("route", "night"), ("failing_since", "03:00"), ("error", "HTTP 500"), ("attempts", "5"), ("waiting", "2"), ("given_up", "0")]),
            "A rota de alertas night não entrega desde 03:00: HTTP 500. Tentativas: 5; na fila: 2; desistidas: 0."
        },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void A_cause_is_told_in_portuguese_from_kind_and_evidence(Finding finding, string begins) =>
        Assert.StartsWith(begins, AlertTexts.In(Language.BrazilianPortuguese).CauseOf(finding), StringComparison.Ordinal);

    [Fact]
    public void Every_sentence_is_tried_above() => Assert.Equal(PortugueseCauses.Kinds.Order(), Causes.Select(row => row.Data.Item1.Kind).Distinct().Order());

    [Theory]
    [InlineData("a_kind_of_tomorrow")]
    [InlineData("instance_unstable")]
    public void Without_a_sentence_or_its_facts_the_checks_own_words_stay(string kind) =>
        Assert.Equal("The check's own words.", AlertTexts.In(Language.BrazilianPortuguese).CauseOf(Alerted.Finding(kind)));

    [Theory]
    [InlineData(119, "119 minutes", "119 minutos")]
    [InlineData(120, "2 hours", "2 horas")]
    [InlineData(47 * 60, "47 hours", "47 horas")]
    [InlineData(48 * 60, "2 days", "2 dias")]
    public void Times_are_said_in_the_unit_that_people_think_in(int minutes, string english, string portuguese) =>
        Assert.Equal((english, portuguese), (AlertTexts.In(Language.English).Duration(TimeSpan.FromMinutes(minutes)), AlertTexts.In(Language.BrazilianPortuguese).Duration(TimeSpan.FromMinutes(minutes))));

    // Every branch that an argument can choose.
    private static List<string> All(string name, AlertTexts texts)
    {
        var method = typeof(AlertTexts).GetMethod(name)!;
        IEnumerable<object?[]> calls = [[]];
        foreach (var parameter in method.GetParameters()) calls = calls.SelectMany(call => Values(parameter).Select(value => (object?[])[.. call, value])).ToArray();
        return [.. calls.Select(call => (string)method.Invoke(texts, call)!)];
    }

    private static IEnumerable<object?> Values(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type.IsEnum => Enum.GetValues(type).Cast<object?>(),
        var type when type == typeof(string) => parameter.Name is "level" or "by" ? ["L1", null] : ["x"],
        var type when type == typeof(int) => [0, 1, 2],
        var type when type == typeof(TimeSpan) => [TimeSpan.FromMinutes(5), TimeSpan.FromHours(5), TimeSpan.FromDays(5)],
        var type when type == typeof(AttemptedRemedy) => [new AttemptedRemedy("reset-integration", "ana", Alerted.At, "failed")],
        _ => [Alerted.Finding()],
    };
}
