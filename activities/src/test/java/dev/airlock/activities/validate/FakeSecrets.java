package dev.airlock.activities.validate;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets that never were any, made when a test runs: no scanner that reads this source finds one. In a template
 * {@code {h:32}} stands for 32 random characters of the class {@code h}; the part between « and » is the secret.
 */
final class FakeSecrets {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w):(\\d+)}");

    private static final List<String> TEMPLATES = List.of(
            "1password-secret-key k = «A3-{A:6}-{A:11}-{A:5}-{A:5}-{A:5}»",
            "adobe-client-secret k = «p8e-{a:32}»",
            "age-secret-key «AGE-SECRET-KEY-1{b:58}»",
            "alibaba-access-key-id id: «LTAI{a:20}»",
            "anthropic-api-key K='«sk-ant-api03-{w:93}AA»'",
            "atlassian-api-token jira_token = \"«{a:20}{h:4}»\"",
            "aws-access-token aws = \"«AKIA{2:16}»\"",
            "azure-ad-client-secret secret=\"«{w:3}7Q~{w:33}»\"",
            "clojars-api-token «CLOJARS_{a:60}»",
            "curl-auth-header curl -H \"Authorization: Bearer «{w:32}»\" example.org",
            "curl-auth-user curl -u «{l:8}:{w:20}» example.org",
            "databricks-api-token t: «dapi{h:32}»",
            "datadog-access-token datadog_x = «{a:40}»",
            "digitalocean-access-token x=«doo_v1_{h:64}»",
            "digitalocean-pat x=«dop_v1_{h:64}»",
            "discord-api-token discord_bot='«{h:64}»'",
            "doppler-api-token «dp.pt.{a:43}»",
            "dynatrace-api-token «dt0c01.{a:24}.{a:64}»",
            "facebook-access-token facebook = \"«{d:15}|{a:32}»\"",
            "flyio-access-token \"«fo1_{w:43}»\"",
            "frameio-api-token «fio-u-{a:64}»",
            "gcp-api-key \"«AIza{w:35}»\"",
            "generic-api-key my_api_key = \"«{a:32}»\"",
            "github-fine-grained-pat «github_pat_{w:82}»",
            "github-oauth «gho_{w:36}»",
            "github-pat token: «ghp_{w:36}»",
            "gitlab-pat «glpat-{w:20}»",
            "gitlab-runner-authentication-token «glrt-{w:20}»",
            "grafana-cloud-api-token «glc_{w:48}»",
            "grafana-service-account-token «glsa_{w:32}_{h:8}»",
            "hashicorp-tf-api-token «{a:14}.atlasv1.{a:64}»",
            "heroku-api-key heroku_x = «{h:8}-{h:4}-{h:4}-{h:4}-{h:12}»",
            "huggingface-access-token «hf_{l:34}»",
            "jwt Bearer «eyJ{w:30}.eyJ{w:60}.{w:43}»",
            "linear-api-key «lin_api_{a:40}»",
            "mailgun-private-api-token mailgun = «key-{h:32}»",
            "notion-api-token «ntn_{d:11}{w:35}»",
            "npm-access-token //registry/:_authToken=«npm_{a:36}»",
            "openai-api-key «sk-{w:20}T3BlbkFJ{w:20}»",
            "perplexity-api-key «pplx-{w:48}»",
            "planetscale-password «pscale_pw_{w:40}»",
            "postman-api-token «PMAK-{h:24}-{h:34}»",
            "prefect-api-token «pnu_{w:36}»",
            "private-key «-----BEGIN RSA PRIVATE KEY-----\n{w:64}\n{w:64}\n{w:64}\n-----END RSA PRIVATE KEY-----»",
            "pulumi-api-token «pul-{h:40}»",
            "pypi-upload-token «pypi-AgEIcHlwaS5vcmc{w:80}»",
            "readme-api-token «rdme_{a:70}»",
            "rubygems-api-token «rubygems_{h:48}»",
            "scalingo-api-token «tk-us-{w:48}»",
            "sendgrid-api-token «SG.{a:66}»",
            "sendinblue-api-token «xkeysib-{h:64}-{a:16}»",
            "sentry-user-token «sntryu_{h:64}»",
            "shopify-access-token «shpat_{h:32}»",
            "slack-bot-token «xoxb-{d:12}-{d:12}-{w:24}»",
            "slack-user-token «xoxp-{d:12}-{d:12}-{d:12}-{w:32}»",
            "slack-webhook-url «https://hooks.slack.com/services/{w:44}»",
            "square-access-token «sq0atp-{w:22}»",
            "stripe-access-token «sk_live_{w:24}»",
            "telegram-bot-api-token telegram='«{d:9}:A{a:34}»'",
            "twilio-api-key «SK{h:32}»",
            "typeform-api-token typeform = «tfp_{a:59}»",
            "vault-service-token «hvs.{w:95}»");

    /**
     * @param text a line or more of a file
     * @param secret the part of it that must not show up anywhere
     */
    record Fake(String rule, String text, String secret) {
        @Override
        public String toString() {
            return rule;
        }
    }

    private FakeSecrets() {}

    static List<Fake> all() {
        return TEMPLATES.stream().map(FakeSecrets::fake).toList();
    }

    static Fake of(String rule) {
        return all().stream()
                .filter(each -> each.rule().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    private static Fake fake(String template) {
        String rule = template.substring(0, template.indexOf(' '));
        Random random = new Random(rule.hashCode());
        String text = PLACEHOLDER
                .matcher(template.substring(rule.length() + 1))
                .replaceAll(each -> Matcher.quoteReplacement(
                        characters(random, each.group(1).charAt(0), Integer.parseInt(each.group(2)))));
        String secret = text.substring(text.indexOf('«') + 1, text.indexOf('»'));
        return new Fake(rule, text.replace("«", "").replace("»", "") + "\n", secret);
    }

    private static String characters(Random random, char kind, int count) {
        String lower = "abcdefghijklmnopqrstuvwxyz";
        String digits = "0123456789";
        String from = switch (kind) {
            case 'a' -> lower + digits;
            case 'A' -> lower.toUpperCase(Locale.ROOT) + digits;
            case 'w' -> lower + lower.toUpperCase(Locale.ROOT) + digits;
            case 'h' -> "0123456789abcdef";
            case 'd' -> digits;
            case 'l' -> lower;
            case '2' -> "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
            case 'b' -> "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
            default -> throw new IllegalArgumentException("no class of characters: " + kind);
        };
        StringBuilder made = new StringBuilder();
        for (int i = 0; i < count; i++) {
            made.append(from.charAt(random.nextInt(from.length())));
        }
        return made.toString();
    }
}
