using System.Text;
using Decant.Data.Chats;
using Decant.Tests.Text.Chat;
using Decant.Text.Chat;

namespace Decant.Tests.Fuzz;

/// <summary>Conversations, and chat templates in either file; what is read is rendered.</summary>
internal static class ChatSeeds
{
    private const string Chats = """
        {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a é 世 😀"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}], "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f", "arguments": "{\"x\": 1.5}"}}]}, {"role": "tool", "content": "3"}, {"role": "assistant", "content": "b"}]}
        {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}

        """;

    public static IEnumerable<FuzzSeed> All()
    {
        var template = Path.Combine(AppContext.BaseDirectory, "Golden", "chat", "templates", "qwen2.jinja");
        foreach (var size in new[] { 0L, 1 << 20 })
        {
            yield return new("data: chats", "chats.jsonl", Encoding.UTF8.GetBytes(Chats), JsonDamage.OfLines, folder => DataSeeds.ReadAll(new ChatFileOptions { File = Path.Combine(folder, "chats.jsonl"), Template = template, MaxInMemoryBytes = size }))
            {
                BytesPerByte = 4096,
            };
        }

        yield return new("chat template", "chat_template.jinja", Encoding.UTF8.GetBytes(ChatGolden.Source("qwen2.jinja")), TextDamage.Of, Render) { BytesPerByte = 4096, BytesPerFile = 256 << 20 };
        yield return new("chat template in settings", "tokenizer_config.json", Encoding.UTF8.GetBytes("""{"bos_token": {"content": "<s>"}, "chat_template": [{"name": "default", "template": "{{ bos_token }}{% for m in messages %}{{ m.content | trim }}{% endfor %}"}]}"""), JsonDamage.Of, Render)
        {
            BytesPerByte = 4096,
        };
    }

    private static void Render(string folder)
    {
        var template = ChatTemplate.Load(folder);
        try
        {
            template.Render(ChatGolden.Conversations[10], ChatGolden.Tools, addGenerationPrompt: true);
        }
        catch (DecantException fault) when (fault.Message.StartsWith("Chat template, line ", StringComparison.Ordinal))
        {
            // Of a template that was read: it names its line, and not the file, whose path a server would tell its clients.
        }
    }
}
