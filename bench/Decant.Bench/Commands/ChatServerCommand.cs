using System.CommandLine;
using Decant.Bench.Chat;
using Decant.Bench.Hosting;

namespace Decant.Bench.Commands;

internal static class ChatServerCommand
{
    public static Command Create(BenchServices services)
    {
        var folder = new Argument<string>("model") { Description = "Folder of a classifier, a tagger, a regression or an embedding of texts, or of a run." };
        var port = new Option<int>("--port") { Description = "Port of this machine.", HelpName = "n", DefaultValueFactory = _ => 8089 };
        var writes = new Option<bool>("--writes") { Description = "The folder has a language model: answer 'decant synthesize' with lists of texts that it writes." };
        var command = new Command("chat-server", "Answer as an OpenAI-compatible chat model would, with a local model: shows the protocol and the accounting of teacher.chat, not what a language model would say.") { folder, port, writes };
        command.SetAction(parse =>
        {
            var prefix = FormattableString.Invariant($"http://localhost:{parse.GetValue(port)}/");
            services.Out.WriteLine($"{prefix}v1 answers until Ctrl+C.");
            services.Out.WriteLine(FormattableString.Invariant($"{new ChatServer(parse.GetRequiredValue(folder), prefix, parse.GetValue(writes)).Run(services.Token)} requests."));
            return ExitCodes.Success;
        });
        return command;
    }
}
