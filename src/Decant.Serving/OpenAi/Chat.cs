using System.Text.Json;
using Decant.Serving.Hosting;
using Decant.Serving.Models;
using Decant.Serving.Protocol;

namespace Decant.Serving.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>: says the assistant's next message, by the chat template of the model's folder.</summary>
internal static class Chat
{
    public static async Task AnswerAsync(RequestBody body, ServedCall call)
    {
        var request = ChatRequest.Read(body, call.Limits);
        var model = call.Models.Find<GeneratorModel>(request.Model, "chat");
        if (!model.Generator.HasChatTemplate)
            throw new ApiException(400, $"The model '{model.Name}' has no chat template, so messages cannot be made a prompt of. Put chat_template.jinja into its folder, or send the prompt itself to /v1/completions.", "messages", "chat_template_missing");
        if (request.Streams)
        {
            await StreamAsync(request, model, call).ConfigureAwait(false);
            return;
        }

        var (usage, choice) = await call.RunAsync(cancellation => Whole(request, model, cancellation)).ConfigureAwait(false);
        call.Metrics.Tokens(model.Name, usage.Prompt, usage.Generated);
        await call.SendAsync(json => new CompletionHead(model.Name, "chatcmpl", "chat.completion").Write(json, [choice], usage)).ConfigureAwait(false);
    }

    private static (CompletionUsage Usage, JsonElement Choice) Whole(ChatRequest request, GeneratorModel model, CancellationToken cancellation)
    {
        using var continuation = model.Generator.BeginChat(request.Messages, request.Options);
        var reply = new ChatReply(continuation);
        var text = reply.All(cancellation);
        var choice = JsonElement.Parse(JsonAnswer.Bytes(json => reply.WriteMessage(json, text, request.Options.TopLogprobs is not null)).Span);
        return (new CompletionUsage(0, 0).And(continuation), choice);
    }

    private static async Task StreamAsync(ChatRequest request, GeneratorModel model, ServedCall call)
    {
        var (usage, head, withLogprobs) = (new CompletionUsage(0, 0), new CompletionHead(model.Name, "chatcmpl", "chat.completion.chunk"), request.Options.TopLogprobs is not null);
        using (await call.Gate.EnterAsync(call.Cancellation).ConfigureAwait(false))
        {
            using var continuation = await Task.Run(() => model.Generator.BeginChat(request.Messages, request.Options), call.Cancellation).ConfigureAwait(false);
            var (reply, isFirst) = (new ChatReply(continuation), true);
            while (await Task.Run(reply.Next, call.Cancellation).ConfigureAwait(false) is { } piece)
            {
                if (piece.Length == 0 && !withLogprobs && continuation.End is null)
                    continue;
                var begins = isFirst;
                await EventStream.SendAsync(call, json => head.Write(json, inner => reply.WriteDelta(inner, piece, withLogprobs, begins))).ConfigureAwait(false);
                isFirst = false;
            }

            usage = usage.And(continuation);
        }

        call.Metrics.Tokens(model.Name, usage.Prompt, usage.Generated);
        if (request.StreamsUsage)
            await EventStream.SendAsync(call, json => head.Write(json, [], usage)).ConfigureAwait(false);
        await EventStream.EndAsync(call).ConfigureAwait(false);
    }
}
