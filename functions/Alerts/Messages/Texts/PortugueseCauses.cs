using WhatsOps.Findings;

namespace WhatsOps.Alerts;

/// <summary>
/// Causes in Portuguese, made from kind and evidence, since the check wrote its sentence in English. A fact that a finding lacks is told as unknown; only a kind without a
/// sentence here keeps the check's own words.
/// </summary>
internal static class PortugueseCauses
{
    private static readonly Dictionary<string, Func<Facts, string>> Sentences = new(StringComparer.Ordinal)
    {
        ["gateway_unreachable"] = it => $"O gateway {it.Gateway} não entrega a lista de instâncias ({Outcome(it["list"])}); a página inicial: {Outcome(it["probe"])}. {Behind(it["tenants_behind"])}",
        ["gateway_unauthorized"] = it => it.Has("refusal") ? $"O gateway {it.Gateway} recusa a conta da WhatsOps: nada se sabe das suas instâncias ({Words(it, "refusal")})." : it.Has("list")
            ? $"O gateway {it.Gateway} recusa a chave: nada se sabe das suas instâncias. Ponha a chave global do gateway onde o arquivo da frota aponta."
            : $"Não há chave para o gateway {it.Gateway}: a referência do arquivo da frota não tem valor.",
        ["gateway_degraded"] = it => it.Has("down")
            ? $"{it["down"]} de {it["instances"]} instâncias caíram em 15 minutos: é uma falha do gateway ou do caminho até o WhatsApp, não de cada cliente."
            : it.Has("not_looked_at") ? $"O gateway {it.Gateway} lista as instâncias, mas não responde sobre elas: {it["unanswered"]} consultas diretas ficaram sem resposta e mais {it["not_looked_at"]} não foram feitas."
            : $"O gateway {it.Gateway} lista as instâncias, mas a página inicial falha ({Outcome(it["probe"])}); ela chama web.whatsapp.com: veja a saída para a internet.",
        ["gateway_liveness_unknown"] = it => $"O gateway {it.Gateway} chama de connected toda instância pareada, e nada mostra quais das {it["paired"]} estão conectadas: informe o banco de dados do gateway (gateways[].database) no arquivo da frota, ou veja por que ele não pode ser lido.",
        ["product_database_unreachable"] = it => $"O banco de dados do produto não pode ser lido: {Words(it, "problem")}. Enquanto isso, clientes e suas linhas não são verificados.",
        ["instance_missing"] = it => it.Gateway is { } gateway ? $"A instância {it.Instance} não existe no gateway {gateway}." : $"A instância {it.Instance} não existe em nenhum gateway de {it.System}.",
        ["instance_not_open"] = it => $"O WhatsApp não está conectado: a instância está em {it["state"]}.",
        ["instance_stuck_connecting"] = it => $"Presa em connecting desde {it["since"]}, mais de {it["threshold_minutes"]} minutos; QR codes na última hora: {it["qr_codes"]}.",
        ["instance_logged_out"] = it => it.Has("device") ? "O gateway não tem aparelho desta instância: foi desconectada ou nunca pareada. Só parear resolve." : $"O WhatsApp encerrou a sessão de vez (motivo {it["reason"]}{Meaning(it["reason"])}); só parear de novo resolve.",
        ["instance_not_loaded"] = _ => "O gateway tem a instância no banco de dados, mas não na memória: está iniciando ou a perdeu. Se continuar, reinicie o gateway.",
        ["instance_unreadable"] = it => $"O gateway responde, mas não sobre esta instância ({Outcome(it["outcome"])}).",
        ["instance_unstable"] = it => $"{it["disconnections"]} desconexões em {it["window_hours"]} horas; veja a rede do telefone, outro aparelho na conta ou a saída do gateway.",
        ["instance_qr_churn"] = it => $"{it["qr_codes"]} QR codes foram mostrados em uma hora e ninguém terminou o pareamento; com 30 o gateway desiste.",
        ["instance_state_contradiction"] = it => $"A lista do gateway diz {it["listed"]}, a consulta direta diz {it["direct"]}; vale a consulta direta.",
        ["integration_inactive_seen_open"] = it => it.Has("last_seen_open")
            ? $"O produto marcou a integração como inativa, mas ela esteve conectada até {it["last_seen_open"]}: é uma queda, não uma escolha. Se foi escolha, aceite o achado."
            : "O produto desligou a integração embora o WhatsApp esteja conectado: as mensagens não são enviadas.",
        ["integration_without_instance_name"] = it => $"A linha do produto não tem nome de instância; espera-se {it["expected"]}.",
        ["instance_name_mismatch"] = it => it.Has("owner")
            ? $"A linha do produto aponta a instância {it["configured"]}, que é do cliente {it["owner"]}: as mensagens sairiam do número de outro cliente."
            : $"A linha do produto aponta a instância {it["configured"]}; espera-se {it["expected"]}.",
        ["tenant_isolation_slug_mismatch"] = it => it.Has("token_of")
            ? $"Eventos da instância {it.Instance} trazem um token que não é o dela (de: {it["token_of"]}): outra instância, ou outra pessoa, envia em nome dela."
            : $"O webhook do cliente {it.Tenant} entrega eventos da instância {it.Instance}, que não é dele: mensagens de dois clientes podem estar misturadas.",
        ["webhook_proof_failures"] = it => it.Tenant is null
            ? $"O que chega à porta da Meta de {it.System} não traz assinatura que combine com o segredo do app ({it["refused"]} recusados). Se é da Meta, ela repete por dias e depois desiste: compare meta.appSecret com o do app."
            : $"Os webhooks do cliente {it.Tenant} não trazem prova que combine com o segredo dele ({it["refused"]} recusados); com essa resposta o gateway descarta o evento de vez.",
        ["sweep_incomplete"] = it => $"A varredura não viu tudo: {Words(it, "part_1")}. Nada é fechado nessas partes.",
        ["fleet_invalid"] = it => $"O arquivo da frota enviado por {it["by"]} foi recusado; a versão anterior continua em vigor.",
        ["run_waiting_approval"] = it => $"A execução {it["run"]} para {it.Tenant} espera um aprovador; silêncio quer dizer não.",
        ["run_stuck"] = it => $"A execução {it["run"]} está parada (estado {it["state"]}).",
        ["run_compensation_failed"] = it => $"A execução {it["run"]} falhou em {it["failedStep"]} e não conseguiu desfazer: {it["notTakenBack"]}.",
        ["routine_failed"] = it => $"A rotina {it["routine"]} de {it.System} falhou; o que ela vigia não está sendo vigiado.",
        [DeadRoutes.Kind] = it => $"A rota de alertas {it["route"]} não entrega desde {it["failing_since"]}: {Words(it, "error")}. Tentativas: {it["attempts"]}; na fila: {it["waiting"]}; desistidas: {it["given_up"]}.",
        ["run_expired"] = it => $"A execução {it["run"]} para {Who(it)} expirou sem fazer nada: a aprovação não chegou a tempo, ou não pôde começar depois dela.",
        ["run_waiting_person"] = it => $"A execução {it["run"]} para {Who(it)} mostra um código que alguém precisa ler com o telefone do cliente. Link para a equipe do cliente: {it["next"]}",
        ["delivery_lagging"] = it => $"O produto não aceita eventos desde {it["oldest"]}: {it["waiting"]} esperam; clientes: {it["tenants"]}; últimas respostas: {Words(it, "answers")}.",
        ["delivery_dead_letters"] = it => $"{it["dead"]} eventos foram desistidos e não chegaram ao produto; clientes: {it["tenants"]}; últimas respostas: {Words(it, "answers")}. Conserte o produto e reenvie com whatsops deliveries replay.",
        ["events_lost"] = it => $"{it["missing"]} de {it["stored"]} mensagens ({it["share"]}) que o gateway guardou de {it.Tenant} ({Window(it["window"])}) nunca chegaram por webhook. Para recuperá-las: whatsops deliveries backfill.",
        ["events_audit_not_observable"] = it => $"Não dá para saber se webhooks de {it.Tenant ?? it.Gateway} se perderam: {Words(it, "problem")}.",
        ["integration_stale"] = it => $"O produto não mexe na linha de integração de {it.Tenant} desde {it["updated_at"]}, mais de {it["threshold_hours"]} horas: a página de status mostra dados velhos.",
        ["naming_violation"] = it => $"A linha inativa do produto aponta a instância {None(it["configured"])}; espera-se {it["expected"]}. Daria errado ao ativar.",
        ["webhook_drift"] = it => $"O webhook de {it.Instance} não está como deveria: {it.Names}.",
        ["webhook_silent"] = it => $"{it.Instance} está conectada, mas nenhum evento dela chega desde {it["last_event_at"]}: o webhook se perde no caminho, ou ninguém mais escreve para ela.",
        ["instance_shared_by_tenants"] = it => $"As linhas ativas de {Words(it, "tenants")} apontam a mesma instância, {it.Instance}: as mensagens saem do mesmo número.",
        ["instance_on_two_gateways"] = it => $"A instância {it.Instance} existe em mais de um gateway ({it["gateways"]}); conectada em {it["open"]}.",
        ["gateway_key_in_clear"] = it => $"{it["rows"]} linhas de tenant_integrations guardam uma chave de gateway às claras (config.api_key): quem lê uma linha comanda o WhatsApp de todos. Tire-a do config e troque a chave.",
        ["tenant_isolation_bypass"] = it => $"No gateway {it.Gateway} o token de uma instância lê outra: cada cliente pode ler os demais (CWE-639). Atualize o gateway; até lá não entregue nenhum token.",
        ["audit_not_observable"] = it => $"A auditoria {it["audit"]} não tem a fonte {it["source"]}: o que ela mostraria não está sendo vigiado.",
        ["company_review"] = it => it["rule"] switch
        {
            "plan_exceeded" => $"A empresa {it["company"]} usa mais do que o plano dela tem: {Words(it, "use")}.",
            "storage_growth" => $"O armazenamento da empresa {it["company"]} cresceu {it["growth_percent"]}% em uma semana: veja o que ela guarda antes que o volume backend-public encha.",
            "verify_token_missing" => $"{it["count"]} conexões oficiais não têm token de verificação, e a Meta não consegue confirmar o webhook delas: {Words(it, "connections")}.",
            _ => $"{it["rows"]} linhas de listas de contatos repetem um número da lista: essas pessoas recebem campanhas duas vezes. Uma pessoa roda scripts/fix-contactlistitems-duplicates.ts, depois de um backup.",
        },
        ["data_integrity_violation"] = it => $"Os dados do produto sobre {it.Tenant} se contradizem, ou contradizem os gateways (regra {it["rule"]}).",
        ["gateway_key_weak"] = it => $"A chave global do gateway {it.Gateway} é fraca: {Weakness(it["weakness"])}. Gere uma aleatória (openssl rand -hex 32) e ponha-a em AUTHENTICATION_API_KEY e onde o arquivo da frota aponta.",
        ["instance_tokens_exposed"] = it => $"A lista do gateway {it.Gateway} mostra às claras os tokens de {it["instances"]} instâncias: trate como segredo tudo o que guarda essa lista.",
        ["instance_token_shared"] = it => $"{it["instances"]} têm o mesmo token: cada um desses clientes comanda os outros. Recrie-as com tokens próprios.",
        ["webhook_without_secret"] = it => $"O webhook de {it.Instance} não leva cabeçalho: quem o recebe não distingue o gateway de qualquer outro.",
        ["gateway_version_known_bad"] = it => $"A versão {it["version"]} do gateway {it.Gateway} tem um problema conhecido ({it["entry"]}). Atualize para {it["fixed_in"]}.",
        ["capability_missing"] = it => it.Has("before")
            ? $"{it.System} oferecia {it["capability"]} ({it["before"]}) e não oferece mais ({it["status"]})."
            : $"O gateway {it.Gateway} ({it["version"]}) não nos oferece {it["capability"]} ({it["status"]}), e algo configurado depende disso.",
        ["reconnect_storm"] = it => $"Instâncias do gateway {it.Gateway ?? "desconhecido"} reconectam sem parar ({it["absorbed"]} eventos de estado em 10 minutos): {it["instances"]}. Veja o caminho dele até o WhatsApp; não reinicie instância por instância.",
        ["instance_zombie_suspected"] = it => it.Has("silent")
            ? $"{it["silent"]} de {it["open"]} instâncias conectadas do gateway {it.Gateway ?? "desconhecido"} calaram fora do costume: antes os webhooks não chegam do que tantas sessões morreram. Veja o caminho do gateway até o receptor."
            : $"{it.Instance} está conectada, mas calada há {it["silent_minutes"]} minutos; nesta hora da semana nunca passa de {it["longest_normal_minutes"]}. A sessão pode estar morta.",
        ["instance_zombie"] = it => $"{it.Instance} diz que está conectada, mas a sessão está morta: uma mensagem para o próprio número não foi enviada, ou não teve eco{(it.Has("answer") ? $" (resposta do gateway: {it["answer"]})" : "")}.",
        ["orphan_instance"] = it => $"A instância {it.Instance} do gateway {it.Gateway} ({it["state"]}) não é de nenhum cliente desde {it["since"]}. clean-orphans a apaga depois de {it["quarantine_days"]} dias assim.",
        ["orphan_integration"] = it => $"A linha {it["row"]} de tenant_integrations é de um cliente que não existe.",
        ["orphan_session_keys"] = it => $"{it["orphans"]} de {it["keys"]} chaves de sessão no Redis não são de nenhuma instância: restos que ressuscitam uma sessão apagada ou enchem a memória.",
        ["report_source_missing"] = it => $"Falta a fonte {it["source"]}: o relatório sai sem as chamadas dela.",
        ["performance_slow"] = it => $"As chamadas levaram em média {it["averageMs"]} ms (p95 {it["p95Ms"]} ms), acima do limite. Fonte: {it["source"]}; clientes mais lentos: {None(it["slowestTenants"])}.",
        ["performance_errors"] = it => $"Só {it["successPercent"]}% de {it["requests"]} chamadas deram certo. Erros mais frequentes: {it["errors"]}. Fonte: {it["source"]}.",
        ["backup_failed"] = it => $"O backup de {it.System} falhou (conjunto {it["set"]}). Faça um agora: whatsops backup --system {it.System}",
        ["backup_stale"] = it => it["newest"] == "none"
            ? $"Não há backup de {it.System}; permitem-se no máximo {it["allowed_hours"]} horas sem um. Faça um agora: whatsops backup --system {it.System}"
            : $"O backup mais novo de {it.System} ({it["newest"]}) tem mais de {it["allowed_hours"]} horas. Faça um agora: whatsops backup --system {it.System}",
        ["restore_test_failed"] = it => $"O backup mais novo de {it.System} (conjunto {it["set"]}) não pôde ser restaurado.",
        ["target_unreachable"] = it => $"{it["target"]} de {it.System} não responde ({Words(it, "words")})",
        ["target_unauthorized"] = it => $"{it["target"]} de {it.System} recusa a nossa credencial ({Words(it, "words")})",
        ["target_absent"] = it => $"{it["target"]} de {it.System}: o que se procura não está lá ({Words(it, "words")})",
        ["target_unhealthy"] = it => $"{it["target"]} de {it.System} diz que não está bem ({Words(it, "words")})",
        ["target_misconfigured"] = it => $"{it["target"]} de {it.System} não está configurado como o arquivo da frota pede ({Words(it, "words")})",
        ["target_not_observable"] = it => $"{it["target"]} de {it.System}: uma medida não pode ser obtida, e as regras dela nada dizem ({Words(it, "words")})",
        ["target_exposed"] = it => $"{it["target"]} de {it.System}: algo está aberto ou às claras e não deveria ({Words(it, "words")})",
        ["renewal_due"] = it => $"{it["what"]} ({it.System}) precisa ser renovado até {it["due"]} (dias que faltam: {it["days"]}). Renove e escreva a nova data no arquivo da frota.",
        ["version_changed"] = it => $"{it["target"]} de {it.System}: {(it["part"] == "schema" ? "o esquema" : "o servidor")} mudou de {it["before"]} para {it["after"]}, visto em {it["changed_at"]}. Não é preciso que algo esteja errado; se ninguém da equipe fez isso, ou se algo quebrou desde então, comece por aqui.",
        ["release_unsound"] = it => $"{it["target"]} de {it.System}: a versão publicada não seguiu o caminho devido ({Words(it, "words")})",
        ["release_not_running"] = it => $"{it["target"]} de {it.System}: o que está rodando não é o que foi publicado ({Words(it, "words")})",
        ["external_alert"] = it => $"O Prometheus de {it.System} avisa ({Words(it, "words")})",
        ["threshold_crossed"] = it => $"{it["target"]} de {it.System}: {it["metric"]} está em {it["value"]} (limite: {it["threshold"].Replace("above", "acima de", StringComparison.Ordinal).Replace("below", "abaixo de", StringComparison.Ordinal)}).",
        ["samples_missing"] = it => $"A regra {it["rule"]} de {it.System} não tem o que julgar: nenhum alvo dá {it["metric"]}. Vigie um alvo que a tenha, ou tire a regra.",
        ["task_overdue"] = it => $"Há tarefas atrasadas: {Words(it, "tasks")}. Veja com {it["next"]}.",
    };

    public static IEnumerable<string> Kinds => Sentences.Keys;

    /// <returns>Null: there is no sentence for it.</returns>
    public static string? Of(Finding finding) => Sentences.TryGetValue(finding.Kind, out var sentence) ? sentence(new(finding)) : null;

    private static string Outcome(string word) => PortugueseWords.Outcome(word);

    private static string Words(Facts it, string fact) => PortugueseWords.Of(it[fact]);

    private static string Behind(string tenants) => tenants switch
    {
        "0" => "Nenhum cliente ativo conhecido depende dele.",
        "1" => "1 cliente depende dele.",
        _ => $"{tenants} clientes dependem dele.",
    };

    private static string None(string value) => value == "none" ? "(nada)" : value;

    private static string Window(string window) => window.Replace(" to ", " a ", StringComparison.Ordinal);

    // Some runs are about a whole gateway.
    private static string Who(Facts it) => it.Tenant is { } tenant && tenant != "*" ? tenant : $"o gateway {it.Gateway}";

    private static string Meaning(string reason) => reason switch
    {
        "401" => ": o aparelho foi removido no telefone",
        "403" => ": a conta está bloqueada",
        _ => "",
    };

    private static string Weakness(string rule) => rule switch
    {
        "published_default" => "é a do arquivo de exemplo, que todos conhecem",
        "too_short" => "é curta demais",
        "low_entropy" => "repete-se tanto que pode ser adivinhada",
        "same_as_another_gateway" => "é também a de outro gateway",
        "same_as_an_instance_token" => "é também o token de uma instância",
        _ => rule,
    };

    private sealed class Facts(Finding finding)
    {
        public string System => finding.System;

        public string? Gateway => finding.Gateway;

        public string? Tenant => finding.Tenant;

        public string? Instance => finding.Instance;

        public string this[string name] => finding.Evidence.GetValueOrDefault(name, "(não se sabe)");

        /// <summary>What the evidence is about, without its values.</summary>
        public string Names => string.Join(", ", finding.Evidence.Keys);

        public bool Has(string name) => finding.Evidence.ContainsKey(name);
    }
}
