// Package ui is everything meshctl knows about a terminal.
//
// It turns facts (progress events, views of a result, questions) into text,
// and is the only package that imports a styling library or asks what kind of
// device a stream is. Its contract with the user:
//
//   - stdout is the answer, stderr is the story: progress, hints, warnings and
//     questions never reach stdout.
//   - Colour and glyphs repeat what the words say; without them nothing is
//     lost. NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM=dumb and a locale that is
//     not UTF-8 are honoured.
//   - Lines are cut to the width of a terminal and never cut in a pipe.
//   - The terminal is never asked about itself (colours, background), because
//     waiting for its answer delays the start of every command.
//   - Text that came from a cluster cannot move the cursor.
//
// It imports object and progress and no other package of this module; there
// is no state outside values.
package ui
