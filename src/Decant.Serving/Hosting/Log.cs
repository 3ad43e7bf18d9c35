using Microsoft.Extensions.Logging;

namespace Decant.Serving.Hosting;

/// <summary>What is logged. Neither headers nor texts of requests are.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A request failed.")]
    public static partial void Failed(ILogger logger, Exception fault);
}
