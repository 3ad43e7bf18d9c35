using System.Text.Json;
using Decant.Inference;
using Decant.Serving.Hosting;
using Decant.Serving.Models;
using Decant.Serving.Protocol;

namespace Decant.Serving.OpenAi;

/// <summary><c>POST /v1/completions</c>: continues texts.</summary>
internal static class Completions
{
    public static async Task AnswerAsync(RequestBody body, ServedCall call)
    {
        var request = CompletionRequest.Read(body, call.Limits);
        var model = call.Models.Find<GeneratorModel>(request.Model, "completions");
        var head = new CompletionHead(model.Name);
        if (request.Streams)
        {
            await StreamAsync(request, model, head, call).ConfigureAwait(false);
            return;
        }

        var (usage, choices) = await call.RunAsync(cancellation => Whole(request, model.Generator, cancellation)).ConfigureAwait(false);
        call.Metrics.Tokens(model.Name, usage.Prompt, usage.Generated);
        await call.SendAsync(json => head.Write(json, choices, usage)).ConfigureAwait(false);
    }

    private static (CompletionUsage Usage, IReadOnlyList<JsonElement> Choices) Whole(CompletionRequest request, TextGenerator generator, CancellationToken cancellation)
    {
        var (usage, choices) = (new CompletionUsage(0, 0), new List<JsonElement>());
        foreach (var (index, prompt) in request.Prompts.Index())
        {
            using var continuation = generator.Begin(prompt, request.Options);
            var choice = new CompletionChoice(index, continuation);
            var text = choice.All(cancellation);
            choices.Add(JsonElement.Parse(JsonAnswer.Bytes(json => choice.Write(json, text, request.Options.TopLogprobs is not null)).Span));
            usage = usage.And(continuation);
        }

        return (usage, choices);
    }

    private static async Task StreamAsync(CompletionRequest request, GeneratorModel model, CompletionHead head, ServedCall call)
    {
        var usage = new CompletionUsage(0, 0);
        using (await call.Gate.EnterAsync(call.Cancellation).ConfigureAwait(false))
        {
            foreach (var (index, prompt) in request.Prompts.Index())
            {
                using var continuation = model.Generator.Begin(prompt, request.Options);
                var choice = new CompletionChoice(index, continuation);
                while (await Task.Run(choice.Next, call.Cancellation).ConfigureAwait(false) is { } piece)
                {
                    if (piece.Length > 0 || request.Options.TopLogprobs is not null || continuation.End is not null)
                        await EventStream.SendAsync(call, json => head.Write(json, inner => choice.Write(inner, piece, request.Options.TopLogprobs is not null))).ConfigureAwait(false);
                }

                usage = usage.And(continuation);
            }
        }

        call.Metrics.Tokens(model.Name, usage.Prompt, usage.Generated);
        if (request.StreamsUsage)
            await EventStream.SendAsync(call, json => head.Write(json, [], usage)).ConfigureAwait(false);
        await EventStream.EndAsync(call).ConfigureAwait(false);
    }
}

/// <summary>How many tokens were read and generated.</summary>
internal readonly record struct CompletionUsage(long Prompt, long Generated)
{
    public CompletionUsage And(TextContinuation continuation) => new(Prompt + continuation.PromptTokens, Generated + continuation.Tokens);
}
