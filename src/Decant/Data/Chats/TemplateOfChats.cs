using System.Globalization;
using Decant.Text.Chat;

namespace Decant.Data.Chats;

/// <summary>Finds the chat template of a source.</summary>
internal static class TemplateOfChats
{
    /// <summary>The template.</summary>
    /// <exception cref="DecantException">There is none, or it writes the date and none is given.</exception>
    public static ChatTemplate Of(ChatFileOptions options)
    {
        var clock = options.Date is { } date ? new FixedDate(Date(options.File, date)) : null;
        var template = Directory.Exists(options.Template) ? ChatTemplate.Load(options.Template, null, clock) : ChatTemplate.LoadFile(options.Template, clock);
        if (clock is null && template.Source.Contains("strftime_now", StringComparison.Ordinal))
            throw new DecantException($"{options.Template}: the chat template writes the date, so that each day would give other texts. Say which one with 'date: 2026-12-31'.");
        return template;
    }

    private static DateOnly Date(string file, string date) => DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day : throw new DecantException($"{file}: date: expected a day such as 2026-12-31, came '{date}'.");

    private sealed class FixedDate(DateOnly day) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }
}
