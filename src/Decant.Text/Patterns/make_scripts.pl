#!/usr/bin/env perl
# Writes Scripts.Table.cs: the scripts of characters, from this Perl's Unicode::UCD.
use strict;
use warnings;
use FindBin;
use Unicode::UCD;

sub escape { my $c = shift; return $c < 0x10000 ? sprintf("\\u%04X", $c) : sprintf("\\U%08X", $c) }

my $scripts = Unicode::UCD::charscripts();
my @lines = ('');
for my $name (sort keys %$scripts) {
    next if $name eq 'Unknown';
    my @pieces = ("$name\\t", (map { escape($_->[0]) . escape($_->[1]) } @{ $scripts->{$name} }), "\\n");
    for my $piece (@pieces) {
        push @lines, '' if length($lines[-1]) + length($piece) > 230;
        $lines[-1] .= $piece;
    }
}
open my $out, '>', "$FindBin::Bin/Scripts.Table.cs" or die $!;
print $out "namespace Decant.Text;\n\n/// <remarks>Made by make_scripts.pl (Unicode ", Unicode::UCD::UnicodeVersion(), "); do not edit.</remarks>\n";
print $out "internal static partial class Scripts\n{\n    // A script's name, a tab, first and last of each run of its characters, a line feed.\n    private const string Table =\n";
print $out join(" +\n", map { "        \"$_\"" } @lines), ";\n}\n";
