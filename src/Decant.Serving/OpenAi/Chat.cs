using Decant.Serving.Hosting;
using Decant.Serving.Models;
using Decant.Serving.Protocol;

namespace Decant.Serving.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>: refused by name, since exported models are run without their chat templates.</summary>
internal static class Chat
{
    public static Task AnswerAsync(RequestBody body, ServedCall call)
    {
        var model = call.Models.Find<GeneratorModel>(body.Text("model"), "chat");
        throw new ApiException(400, $"The model '{model.Name}' is served without a chat template, so messages cannot be made a prompt of. Send the prompt itself to /v1/completions.", "messages", "chat_template_missing");
    }
}
