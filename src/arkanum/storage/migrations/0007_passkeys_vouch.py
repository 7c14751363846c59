from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0006_house_rules"),
    ]

    operations = [
        migrations.RenameField(
            model_name="passkey",
            old_name="kek",
            new_name="vouch",
        ),
    ]
