using System.Reflection;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Alerts;

/// <summary>Both languages say everything, and say it in their own words.</summary>
public sealed class AlertTextsTests
{
    // The same in both languages: a word, and what is nobody's words of ours.
    private static readonly string[] Shared = ["Gateway", "Said"];

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
        { Alerted.Finding("gateway_unreachable", evidence: [("list", "unreachable"), ("probe", "seen"), ("tenants_behind", "1")]), "O gateway g1 não entrega a lista de instâncias (não responde); a página inicial: responde. 1 cliente depende dele." },
        { Alerted.Finding("gateway_unauthorized", evidence: [("list", "unauthorized")]), "O gateway g1 recusa a chave" },
        { Alerted.Finding("gateway_unauthorized", evidence: [("list", "unauthorized"), ("refusal", "HTTP 401: login: ERR_OUT_OF_HOURS")]), "O gateway g1 recusa a conta da WhatsOps: nada se sabe das suas instâncias (HTTP 401: login: ERR_OUT_OF_HOURS)." },
        { Alerted.Finding("gateway_unauthorized"), "Não há chave para o gateway g1" },
        { Alerted.Finding("gateway_degraded", evidence: [("down", "12"), ("instances", "20")]), "12 de 20 instâncias caíram em 15 minutos" },
        { Alerted.Finding("gateway_degraded", evidence: [("unanswered", "8"), ("not_looked_at", "92")]), "O gateway g1 lista as instâncias, mas não responde sobre elas: 8 consultas diretas ficaram sem resposta e mais 92 não foram feitas." },
        { Alerted.Finding("gateway_degraded", evidence: [("probe", "unreachable")]), "O gateway g1 lista as instâncias, mas a página inicial falha (não responde)" },
        { Alerted.Finding("gateway_liveness_unknown", evidence: [("paired", "3"), ("reason", "x")]), "O gateway g1 chama de connected toda instância pareada, e nada mostra quais das 3 estão conectadas" },
        { Alerted.Finding("instance_logged_out", evidence: [("device", "none")]), "O gateway não tem aparelho desta instância" },
        { Alerted.Finding("product_database_unreachable", evidence: [("problem", "57P03 starting up")]), "O banco de dados do produto não pode ser lido: 57P03 starting up." },
        { Alerted.Finding("instance_missing"), "A instância revalya-acme não existe no gateway g1." },
        { Alerted.Finding("instance_missing", gateway: null), "A instância revalya-acme não existe em nenhum gateway de revalya." },
        { Alerted.Finding("instance_not_open", evidence: [("state", "close")]), "O WhatsApp não está conectado: a instância está em close." },
        { Alerted.Finding("instance_stuck_connecting", evidence: [("since", "02:00"), ("threshold_minutes", "10"), ("qr_codes", "0")]), "Presa em connecting desde 02:00, mais de 10 minutos; QR codes na última hora: 0." },
        { Alerted.Finding("instance_logged_out", evidence: [("reason", "401")]), "O WhatsApp encerrou a sessão de vez (motivo 401: o aparelho foi removido no telefone)" },
        { Alerted.Finding("instance_logged_out", evidence: [("reason", "403")]), "O WhatsApp encerrou a sessão de vez (motivo 403: a conta está bloqueada)" },
        { Alerted.Finding("instance_not_loaded"), "O gateway tem a instância no banco de dados, mas não na memória" },
        { Alerted.Finding("instance_unreadable", evidence: [("outcome", "unreachable")]), "O gateway responde, mas não sobre esta instância (não responde)." },
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
        { Alerted.Finding("tenant_isolation_slug_mismatch", evidence: [("token_of", "revalya-beta")]), "Eventos da instância revalya-acme trazem um token que não é o dela (de: revalya-beta)" },
        { Alerted.Finding("tenant_isolation_slug_mismatch"), "O webhook do cliente acme entrega eventos da instância revalya-acme" },
        { Alerted.Finding("webhook_proof_failures", evidence: [("refused", "7")]), "Os webhooks do cliente acme não trazem prova" },
        { Alerted.Finding("webhook_proof_failures", tenant: null, evidence: [("refused", "7")]), "O que chega à porta da Meta de revalya não traz assinatura que combine com o segredo do app (7 recusados)" },
        { Alerted.Finding("fleet_invalid", evidence: [("by", "ana")]), "O arquivo da frota enviado por ana foi recusado" },
        { Alerted.Finding("run_waiting_approval", evidence: [("run", "r1")]), "A execução r1 para acme espera um aprovador" },
        { Alerted.Finding("run_stuck", evidence: [("run", "r1"), ("state", "running")]), "A execução r1 está parada (estado running)." },
        { Alerted.Finding("run_compensation_failed", evidence: [("run", "r1"), ("failedStep", "create"), ("notTakenBack", "row")]), "A execução r1 falhou em create e não conseguiu desfazer: row." },
        {
            Alerted.Finding(DeadRoutes.Kind, evidence: [("route", "night"), ("failing_since", "03:00"), ("error", "no answer within 10 s"), ("attempts", "5"), ("waiting", "2"), ("given_up", "0")]),
            "A rota de alertas night não entrega desde 03:00: sem resposta em 10 s. Tentativas: 5; na fila: 2; desistidas: 0."
        },
        { Alerted.Finding("run_expired", evidence: [("run", "r1")]), "A execução r1 para acme expirou sem fazer nada" },
        { Alerted.Finding("run_expired", tenant: "*", evidence: [("run", "r1")]), "A execução r1 para o gateway g1 expirou" },
        { Alerted.Finding("run_waiting_person", evidence: [("run", "r1"), ("next", "./whatsops runbooks link r1")]), "A execução r1 para acme mostra um código" },
        { Alerted.Finding("delivery_lagging", evidence: [("oldest", "02:00"), ("waiting", "7"), ("tenants", "acme"), ("answers", "HTTP 500")]), "O produto não aceita eventos desde 02:00: 7 esperam; clientes: acme; últimas respostas: HTTP 500." },
        { Alerted.Finding("delivery_dead_letters", evidence: [("dead", "3"), ("tenants", "acme"), ("answers", "HTTP 404")]), "3 eventos foram desistidos" },
        { Alerted.Finding("events_lost", evidence: [("missing", "2"), ("stored", "90"), ("share", "2.2%"), ("window", "05:00 to 06:00 UTC")]), "2 de 90 mensagens (2.2%) que o gateway guardou de acme (05:00 a 06:00 UTC) nunca chegaram" },
        { Alerted.Finding("events_audit_not_observable", tenant: null, evidence: [("problem", "no store")]), "Não dá para saber se webhooks de g1 se perderam: no store." },
        { Alerted.Finding("events_audit_not_observable", evidence: [("problem", "the gateway's store cannot be read: no answer within 30 s")]), "Não dá para saber se webhooks de acme se perderam: o que o gateway guarda não pode ser lido: sem resposta em 30 s." },
        { Alerted.Finding("integration_stale", evidence: [("updated_at", "2030-01-01"), ("threshold_hours", "24")]), "O produto não mexe na linha de integração de acme desde 2030-01-01, mais de 24 horas" },
        { Alerted.Finding("naming_violation", evidence: [("configured", "acme"), ("expected", "revalya-acme")]), "A linha inativa do produto aponta a instância acme; espera-se revalya-acme." },
        { Alerted.Finding("webhook_drift", evidence: [("url", "a, should be b"), ("events", "c, should be d")]), "O webhook de revalya-acme não está como deveria: url, events." },
        { Alerted.Finding("webhook_silent", evidence: [("last_event_at", "2030-01-01")]), "revalya-acme está conectada, mas nenhum evento dela chega desde 2030-01-01" },
        { Alerted.Finding("instance_shared_by_tenants", evidence: [("tenants", "acme, beta and 3 more")]), "As linhas ativas de acme, beta e mais 3 apontam a mesma instância, revalya-acme" },
        { Alerted.Finding("instance_on_two_gateways", evidence: [("gateways", "g1, g2"), ("open", "1")]), "A instância revalya-acme existe em mais de um gateway (g1, g2); conectada em 1." },
        { Alerted.Finding("gateway_key_in_clear", evidence: [("rows", "9")]), "9 linhas de tenant_integrations guardam uma chave" },
        { Alerted.Finding("tenant_isolation_bypass"), "No gateway g1 o token de uma instância lê outra" },
        { Alerted.Finding("audit_not_observable", evidence: [("audit", "keys"), ("source", "headers")]), "A auditoria keys não tem a fonte headers" },
        { Alerted.Finding("company_review", evidence: [("rule", "plan_exceeded"), ("company", "12"), ("use", "9 of 5 users")]), "A empresa 12 usa mais do que o plano dela tem: 9 de 5 usuários." },
        { Alerted.Finding("company_review", evidence: [("rule", "storage_growth"), ("company", "12"), ("growth_percent", "80")]), "O armazenamento da empresa 12 cresceu 80% em uma semana" },
        { Alerted.Finding("company_review", evidence: [("rule", "verify_token_missing"), ("count", "2"), ("connections", "12-7, 12-8")]), "2 conexões oficiais não têm token de verificação" },
        { Alerted.Finding("company_review", evidence: [("rule", "repeated_contacts"), ("rows", "3")]), "3 linhas de listas de contatos repetem um número" },
        { Alerted.Finding("data_integrity_violation", evidence: [("rule", "duplicate_active")]), "Os dados do produto sobre acme se contradizem" },
        { Alerted.Finding("gateway_key_weak", evidence: [("weakness", "too_short")]), "A chave global do gateway g1 é fraca: é curta demais." },
        { Alerted.Finding("instance_tokens_exposed", evidence: [("instances", "40")]), "A lista do gateway g1 mostra às claras os tokens de 40 instâncias" },
        { Alerted.Finding("instance_token_shared", evidence: [("instances", "a, b")]), "a, b têm o mesmo token" },
        { Alerted.Finding("webhook_without_secret"), "O webhook de revalya-acme não leva cabeçalho" },
        { Alerted.Finding("gateway_version_known_bad", evidence: [("version", "2.2.0"), ("entry", "lost"), ("fixed_in", "2.3.6")]), "A versão 2.2.0 do gateway g1 tem um problema conhecido (lost). Atualize para 2.3.6." },
        { Alerted.Finding("capability_missing", gateway: null, tenant: null, evidence: [("before", "available"), ("capability", "queue_board"), ("status", "absent")]), "revalya oferecia queue_board (available) e não oferece mais (absent)." },
        { Alerted.Finding("capability_missing", evidence: [("version", "1.8"), ("capability", "find_messages"), ("status", "absent")]), "O gateway g1 (1.8) não nos oferece find_messages (absent)" },
        { Alerted.Finding("reconnect_storm", evidence: [("absorbed", "101"), ("instances", "a, b")]), "Instâncias do gateway g1 reconectam sem parar (101 eventos de estado em 10 minutos): a, b." },
        { Alerted.Finding("instance_zombie_suspected", evidence: [("silent_minutes", "121"), ("longest_normal_minutes", "40")]), "revalya-acme está conectada, mas calada há 121 minutos; nesta hora da semana nunca passa de 40." },
        { Alerted.Finding("instance_zombie_suspected", evidence: [("silent", "3"), ("open", "4")]), "3 de 4 instâncias conectadas do gateway g1 calaram" },
        { Alerted.Finding("instance_zombie", evidence: [("answer", "refused")]), "revalya-acme diz que está conectada, mas a sessão está morta: uma mensagem para o próprio número não foi enviada, ou não teve eco (resposta do gateway: refused)." },
        { Alerted.Finding("instance_zombie"), "revalya-acme diz que está conectada, mas a sessão está morta: uma mensagem para o próprio número não foi enviada, ou não teve eco." },
        { Alerted.Finding("orphan_instance", evidence: [("state", "open"), ("since", "2030-01-01"), ("quarantine_days", "7")]), "A instância revalya-acme do gateway g1 (open) não é de nenhum cliente desde 2030-01-01." },
        { Alerted.Finding("orphan_integration", evidence: [("row", "12")]), "A linha 12 de tenant_integrations é de um cliente que não existe." },
        { Alerted.Finding("orphan_session_keys", evidence: [("orphans", "3"), ("keys", "40")]), "3 de 40 chaves de sessão no Redis" },
        { Alerted.Finding("report_source_missing", evidence: [("source", "api_logs")]), "Falta a fonte api_logs" },
        { Alerted.Finding("performance_slow", evidence: [("averageMs", "5001"), ("p95Ms", "9000"), ("source", "gateway"), ("slowestTenants", "acme 7000 ms")]), "As chamadas levaram em média 5001 ms (p95 9000 ms)" },
        { Alerted.Finding("performance_errors", evidence: [("successPercent", "94.9"), ("requests", "1000"), ("errors", "HTTP 500 51"), ("source", "gateway")]), "Só 94.9% de 1000 chamadas deram certo." },
        { Alerted.Finding("backup_failed", evidence: [("set", "s1")]), "O backup de revalya falhou (conjunto s1)." },
        { Alerted.Finding("backup_stale", evidence: [("newest", "s1"), ("allowed_hours", "26")]), "O backup mais novo de revalya (s1) tem mais de 26 horas." },
        { Alerted.Finding("backup_stale", evidence: [("newest", "none"), ("allowed_hours", "26")]), "Não há backup de revalya; permitem-se no máximo 26 horas sem um." },
        { Alerted.Finding("restore_test_failed", evidence: [("set", "s1")]), "O backup mais novo de revalya (conjunto s1) não pôde ser restaurado." },
        { Alerted.Finding("target_unreachable", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya não responde (Responde 500.)" },
        { Alerted.Finding("target_unauthorized", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya recusa a nossa credencial" },
        { Alerted.Finding("target_absent", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya: o que se procura não está lá" },
        { Alerted.Finding("target_unhealthy", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya diz que não está bem" },
        { Alerted.Finding("target_misconfigured", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya não está configurado" },
        { Alerted.Finding("target_not_observable", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya: uma medida não pode ser obtida" },
        { Alerted.Finding("target_exposed", evidence: [("target", "redis/cache"), ("words", "It answers 500.")]), "redis/cache de revalya: algo está aberto ou às claras" },
        { Alerted.Finding("renewal_due", evidence: [("what", "Meta token"), ("due", "2030-01-09"), ("days", "8")]), "Meta token (revalya) precisa ser renovado até 2030-01-09 (dias que faltam: 8)." },
        { Alerted.Finding("version_changed", evidence: [("target", "postgres/db"), ("part", "schema"), ("before", "a1"), ("after", "b2"), ("changed_at", "2030-01-01 03:00 UTC")]), "postgres/db de revalya: o esquema mudou de a1 para b2, visto em 2030-01-01 03:00 UTC." },
        { Alerted.Finding("version_changed", evidence: [("target", "postgres/db"), ("part", "server"), ("before", "PostgreSQL 15.4"), ("after", "PostgreSQL 16.1"), ("changed_at", "2030-01-01 03:00 UTC")]), "postgres/db de revalya: o servidor mudou de PostgreSQL 15.4 para PostgreSQL 16.1" },
        { Alerted.Finding("release_unsound", evidence: [("target", "release/chat"), ("words", "Pull request 12 was merged into main without an approval. Next: gh pr view 12. Fix: a rule of the branch that wants one.")]), "release/chat de revalya: a versão publicada não seguiu o caminho devido (O pull request 12 entrou em main sem aprovação. Próximo passo: gh pr view 12. Crie uma regra da branch que a exija.)" },
        { Alerted.Finding("release_not_running", evidence: [("target", "release/chat"), ("words", "main is 3 commits ahead of a1b2c3d, which runs; the oldest of them came 25 hours ago. Fix: deploy 0e1f2a3.")]), "release/chat de revalya: o que está rodando não é o que foi publicado (main está 3 commits à frente de a1b2c3d, que está rodando; o mais antigo deles chegou há 25 horas. Publique 0e1f2a3.)" },
        { Alerted.Finding("external_alert", evidence: [("target", "alertmanager/main"), ("words", "QueueDeep: orders wait (job=shop)")]), "O Prometheus de revalya avisa (QueueDeep: orders wait (job=shop))" },
        { Alerted.Finding("threshold_crossed", evidence: [("target", "rabbitmq/broker orders"), ("metric", "rabbitmq.queue.messages"), ("value", "1,200"), ("threshold", "above 1,000")]), "rabbitmq/broker orders de revalya: rabbitmq.queue.messages está em 1,200 (limite: acima de 1,000)." },
        { Alerted.Finding("samples_missing", evidence: [("rule", "typo"), ("metric", "secnods")]), "A regra typo de revalya não tem o que julgar: nenhum alvo dá secnods." },
        { Alerted.Finding("task_overdue", evidence: [("tasks", "R-076 2030-01: Review / Revisar (level 2, tech lead)"), ("next", "whatsops tasks --system revalya")]), "Há tarefas atrasadas: R-076 2030-01: Review / Revisar (nível 2, tech lead)." },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void A_cause_is_told_in_portuguese_from_kind_and_evidence(Finding finding, string begins) =>
        Assert.StartsWith(begins, AlertTexts.In(Language.BrazilianPortuguese).CauseOf(finding), StringComparison.Ordinal);

    [Fact]
    public void Every_sentence_is_tried_above() => Assert.Equal(PortugueseCauses.Kinds.Order(), Causes.Select(row => row.Data.Item1.Kind).Distinct().Order());

    [Fact]
    public void Every_kind_of_finding_has_its_sentence() => Assert.Equal(KnownFindingKinds.All.Order(), PortugueseCauses.Kinds.Order());

    [Fact]
    public void Without_a_sentence_the_checks_own_words_stay() =>
        Assert.Equal("The check's own words.", AlertTexts.In(Language.BrazilianPortuguese).CauseOf(Alerted.Finding("a_kind_of_tomorrow")));

    [Fact]
    public void A_fact_that_is_absent_is_told_as_unknown() =>
        Assert.StartsWith("(não se sabe) desconexões em (não se sabe) horas", AlertTexts.In(Language.BrazilianPortuguese).CauseOf(Alerted.Finding("instance_unstable")), StringComparison.Ordinal);

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
