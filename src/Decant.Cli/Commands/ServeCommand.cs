using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Serving;

namespace Decant.Cli.Commands;

/// <summary>Serves exported models over HTTP.</summary>
internal static class ServeCommand
{
    public static Command Create(CliServices services)
    {
        var arguments = new ServeArguments();
        var command = new Command("serve", "Serve exported models over HTTP, as OpenAI's API has it: completions, embeddings; classes and scores.");
        arguments.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var (options, url) = (arguments.Options(services, parse), arguments.Url(parse));
            await using var server = await DecantServer.StartAsync(options, url, cancellationToken: cancellation).ConfigureAwait(false);
            foreach (var name in options.Models.Keys)
                services.Out.WriteLine($"{server.Address} serves {name}{(options.Token is null ? "" : " to who brings the token")}");
            services.Out.Flush();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(services.Interruption.Token, cancellation);
            await server.WaitAsync(stop.Token).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
